import {
  clientName,
  FORMAL_NOTICE,
  formatEuros,
  invoiceVariables,
  reasonNotToMail,
  settledBecause,
} from '@crm/domain';
import { cutText } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import type { ReserveSendResponse, TacheRelance } from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { Held } from './held-back.ts';
import type { RelanceRow } from './relance-rows.ts';

/** What is to be done now about a level. Undefined: nothing yet. */
export type Acte = ReserveSendResponse['acte'];

/** What the decision depends on, all as it is now. */
export type SendTruth = {
  /** As `refresh.ts` has planned them. */
  row: Planned;
  invoice: Invoice;
  /** Undefined: there is no such client. */
  client: Client | undefined;
  held: Held;
  now: Date;
};

type Planned = Pick<RelanceRow, 'cycle' | 'niveaux' | 'prochainNiveau' | 'prochaineAt'>;

/** The longest title of a task, in characters. */
const TITLE_CHARACTERS = 200;
const POSTED_WITHIN_MS = 2 * 24 * 60 * 60_000;

/** Whether a level is the next one, and its time has come. */
export const isDueNow = ({ prochainNiveau, prochaineAt }: Planned, niveau: number, now: Date): boolean =>
  prochainNiveau === niveau && prochaineAt !== null && prochaineAt <= now;

/**
 * Decides what is to be done now about a level: a mail; a task, if a formal notice cannot be mailed; to leave it out;
 * nothing yet. If nothing is left to pay, the reminders end, whether the level is due or not.
 */
export function decideSend({ row, invoice, client, held, now }: SendTruth, niveau: number): Acte {
  if (invoice.restantDu <= 0n) return { $case: 'solde', value: { motif: settledBecause(invoice) } };
  if (!isDueNow(row, niveau, now)) return undefined;
  const { modele } = row.niveaux.find((level) => level.niveau === niveau)!;
  // the same at each attempt, so that a level is one mail and one task, whatever they say by then
  const purpose = `${relanceWorkflowId(invoice.id)}/${niveau}/${row.cycle}`;
  const motif = reasonNotToSend(client, modele);
  if (motif && client && modele === FORMAL_NOTICE) {
    const tache = taskToPost(client, invoice, motif, now);
    return { $case: 'tache', value: { ...tache, origine: `${purpose}/courrier` } };
  }
  if (motif) return { $case: 'saut', value: { motif } };
  return {
    $case: 'courriel',
    value: {
      destinataire: client!.email,
      modele,
      variables: invoiceVariables(client!, invoice, held),
      envoi: purpose,
    },
  };
}

/** Why a client gets no mail of a template. Empty: the client does. */
export function reasonNotToSend(client: Client | undefined, modele: string): string {
  if (!client) return 'le client n’existe pas';
  if (client.sansRelance && modele !== FORMAL_NOTICE) return 'le client ne souhaite pas de relance';
  return reasonNotToMail(client);
}

/** If a formal notice cannot be mailed, a person must post it; it is never left out silently. */
function taskToPost(
  client: Client,
  { id, numero, restantDu }: Invoice,
  motif: string,
  now: Date,
): Omit<TacheRelance, 'origine'> {
  const name = clientName(client);
  return {
    titre: cutText(`Poster la mise en demeure de la facture ${numero} à ${name}`, TITLE_CHARACTERS),
    description: [
      `${name} doit encore ${formatEuros(restantDu)} de la facture ${numero}. La mise en demeure ne peut pas lui être ` +
        `envoyée par courriel\u00a0: ${motif}.`,
      'Envoyez-la par lettre recommandée avec accusé de réception. Le PDF de la lettre, à l’adresse postale du ' +
        `client pour une enveloppe à fenêtre\u00a0: factures.InvoiceService/DownloadMiseEnDemeurePdf, id ${id}.`,
    ].join('\n'),
    assigneA: client.gestionnaireId,
    echeance: new Date(now.getTime() + POSTED_WITHIN_MS),
    motif,
  };
}
