import type { MailTemplate } from '@crm/domain';
import { invalid } from '@crm/kit';
import { avantReessai } from './avant-reessai.tsx';
import { avoir } from './avoir.tsx';
import { bienvenue } from './bienvenue.tsx';
import { confirmationContrat } from './confirmation-contrat.tsx';
import { facture } from './facture.tsx';
import { miseEnDemeure } from './mise-en-demeure.tsx';
import { prenotification } from './prenotification.tsx';
import { rappel, relance } from './rappel-relance.tsx';
import { relanceGroupee } from './relance-groupee.tsx';
import { reessaisEpuises } from './reessais-epuises.tsx';
import { reessaiEchoue, rejetAm04 } from './rejet-am04-reessai-echoue.tsx';
import { rejetNouvellesCoordonnees } from './rejet-nouvelles-coordonnees.tsx';
import type { Template } from './template.ts';
import type { Variables } from './variables.ts';

/** All templates, by the name in `modele`. */
export const templates: Record<string, Template> = {
  bienvenue,
  'confirmation-contrat': confirmationContrat,
  facture,
  rappel,
  relance,
  'relance-groupee': relanceGroupee,
  'mise-en-demeure': miseEnDemeure,
  prenotification,
  'rejet-am04': rejetAm04,
  'rejet-nouvelles-coordonnees': rejetNouvellesCoordonnees,
  'avant-reessai': avantReessai,
  'reessai-echoue': reessaiEchoue,
  'reessais-epuises': reessaisEpuises,
  avoir,
} satisfies Record<MailTemplate, Template>;

/**
 * Finds a template.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele`
 */
export function findTemplate(modele: string): Template {
  const found = Object.hasOwn(templates, modele) ? templates[modele] : undefined;
  if (!found)
    throw invalid('modele', `there is no template ${modele}; there is ${Object.keys(templates).join(', ')}`);
  return found;
}

/** The values for a template's preview: its sample, with the sender as the creditor. */
export function sampleOf(modele: string, { expediteur }: Variables): Variables {
  const { sample } = findTemplate(modele);
  return { ...sample, ...('creancierNom' in sample && { creancierNom: expediteur! }) };
}
