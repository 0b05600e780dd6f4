import {
  channelInWords,
  clientName,
  contactName,
  dateInParis,
  FORMAL_NOTICE,
  formatDate,
  formatEuros,
  lateness,
} from '@crm/domain';
import { cutText } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { CanalRelance, type NiveauRelance, type TacheRelance } from '@crm/proto/relance/relance';
import type { Held } from './held-back.ts';

/** What the task is about, all as it is now. */
export type About = {
  client: Client;
  invoice: Invoice;
  held: Held;
  /** All levels of the invoice: those that were sent are told. */
  niveaux: NiveauRelance[];
  now: Date;
  /** Why a mail cannot be sent. */
  motif: string;
};

/** The task, and the end of its `origine`. */
type Task = Omit<TacheRelance, 'origine' | 'motif'> & { suffix: 'appel' | 'courrier' | 'sans-adresse' };

/** The longest texts that activites takes, in characters. */
const MOST_CHARACTERS = { titre: 200, description: 5_000 };
const DONE_WITHIN_MS = 2 * 24 * 60 * 60_000;

/** The task for a level that is no mail, or cannot be one: what to do, and all that it takes. */
export function reminderTask(level: Pick<NiveauRelance, 'canal' | 'modele'>, about: About): Task {
  const { suffix, titre, lines } = textOf(level, about);
  return {
    suffix,
    titre: cutText(titre, MOST_CHARACTERS.titre),
    description: cutText(lines.filter(Boolean).join('\n'), MOST_CHARACTERS.description),
    assigneA: about.client.gestionnaireId,
    echeance: new Date(about.now.getTime() + DONE_WITHIN_MS),
  };
}

function textOf({ canal, modele }: Pick<NiveauRelance, 'canal' | 'modele'>, about: About) {
  const { client, invoice, motif } = about;
  const name = clientName(client);
  const of = `de la facture ${invoice.numero}`;
  if (modele === FORMAL_NOTICE) {
    const isLetter = canal === CanalRelance.LETTRE;
    return {
      suffix: 'courrier' as const,
      titre: `Poster la mise en demeure ${of} à ${name}`,
      lines: [
        `${owed(about)}${isLetter ? '' : ` La mise en demeure ne peut pas lui être envoyée par courriel\u00a0: ${motif}.`}`,
        debited(about),
        'Envoyez-la par lettre recommandée avec accusé de réception. Le PDF de la lettre, à l’adresse postale du ' +
          `client pour une enveloppe à fenêtre\u00a0: factures.InvoiceService/DownloadMiseEnDemeurePdf, id ${invoice.id}.`,
        done(about),
      ],
    };
  }
  if (canal === CanalRelance.APPEL) {
    return {
      suffix: 'appel' as const,
      titre: `Appeler ${name} au sujet ${of}`,
      lines: [telephone(client), owed(about), debited(about), done(about), toSay(about)],
    };
  }
  return {
    suffix: 'sans-adresse' as const,
    titre: `Relancer ${name} autrement que par courriel, au sujet ${of}`,
    lines: [
      `Le courriel «\u00a0${modele}\u00a0» n’a pas pu partir\u00a0: ${motif}. Corrigez l’adresse dans la fiche du client, pour ` +
        'que les prochains partent, et appelez-le ou écrivez-lui pour celui-ci.',
      telephone(client),
      owed(about),
      debited(about),
      done(about),
      toSay(about),
    ],
  };
}

function telephone(client: Client): string {
  const contact = contactName(client);
  const who = contact && `, contact ${contact}`;
  return client.telephone
    ? `Téléphone\u00a0: ${client.telephone}${who}.`
    : `Aucun numéro de téléphone n’est connu${who}\u00a0: notez-le dans la fiche du client.`;
}

/** In cents, what to ask for: what is left, besides what debits take. */
const toAsk = ({ invoice, held }: About): bigint => invoice.restantDu - held.montantPreleve;

function owed(about: About): string {
  const { numero, dateFacture, dateEcheance } = about.invoice;
  const late = lateness(dateEcheance, dateInParis(about.now));
  const due = late
    ? `échue le ${formatDate(dateEcheance)} (${late} de retard)`
    : `à échéance du ${formatDate(dateEcheance)}`;
  return `${clientName(about.client)} doit encore ${formatEuros(toAsk(about))} de la facture ${numero} du ${formatDate(dateFacture)}, ${due}.`;
}

function debited({ held: { montantPreleve, preleveLe } }: About): string {
  if (!montantPreleve) return '';
  const how = preleveLe ? `sont prélevés le ${formatDate(preleveLe)}` : 'font l’objet d’un prélèvement';
  return `${formatEuros(montantPreleve)} de plus ${how}\u00a0: ne les demandez pas.`;
}

function done({ niveaux }: About): string {
  const sent = niveaux.flatMap((level) =>
    level.envoyeeAt ? [`${channelInWords(level)} le ${formatDate(level.envoyeeAt)}`] : [],
  );
  return sent.length
    ? `Déjà fait\u00a0: ${sent.join(', ')}.`
    : 'Aucune relance de cette facture n’a été faite jusqu’ici.';
}

const toSay = (about: About): string =>
  `À dire\u00a0: «\u00a0Sauf erreur de notre part, ${formatEuros(toAsk(about))} de la facture ${about.invoice.numero} restent à ` +
  'régler. Quand pensez-vous les payer\u00a0?\u00a0» Vérifiez avant que rien n’a été payé depuis, et notez ce qui est ' +
  'promis ou contesté.';
