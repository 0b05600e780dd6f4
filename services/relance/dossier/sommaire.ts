import {
  clientName,
  contactName,
  formatEuros,
  formatSiren,
  legalMentions,
  presentationInWords,
} from '@crm/domain';
import { TypeClient } from '@crm/proto/clients/clients';
import { automatic, day, decision, fate, instant, linesOf, sender, standing } from './in-words.ts';
import type { Dossier } from './read-dossier.ts';

/** The index of a dossier: a text to be read from top to bottom, which names every file. */
export function sommaire(dossier: Dossier, files: { name: string; about: string }[]): string {
  const { invoice } = dossier;
  return [
    `DOSSIER DE RELANCE DE LA FACTURE ${invoice.numero}`,
    `Établi le ${instant(new Date())}, heure de Paris. Tous les instants de ce dossier sont à l’heure de Paris.`,
    ...section('Créancier', creditor(dossier)),
    ...section('Débiteur', debtor(dossier)),
    ...section('Facture', invoiceFacts(dossier)),
    ...section('Courriels', mails(dossier)),
    ...section('Réponses reçues', replies(dossier)),
    ...section('Paiements, rejets et retours', payments(dossier)),
    ...section('Relances et décisions', decisions(dossier)),
    ...section(
      'Pièces de ce dossier',
      files.map(({ name, about }) => `${name}  –  ${about}`),
    ),
    '',
  ].join('\r\n');
}

const section = (title: string, lines: string[]): string[] => [
  '',
  title.toUpperCase(),
  ...(lines.length ? lines.map((line) => `  ${line}`) : ['  Rien.']),
];

const creditor = ({ societe, invoice }: Dossier): string[] =>
  societe ? legalMentions(societe) : [`Organisation ${invoice.organisationId}`];

function debtor({ client, invoice }: Dossier): string[] {
  if (!client) return [`Client ${invoice.clientId}, que plus personne ne connaît`];
  const { siren, referenceClient, email, telephone, type } = client;
  const contact = contactName(client);
  return [
    clientName(client),
    ...(contact ? [`Contact ${contact}`] : []),
    type === TypeClient.PROFESSIONNEL ? 'Client professionnel' : 'Client particulier',
    ...(siren ? [`SIREN ${formatSiren(siren)}`] : []),
    ...(referenceClient ? [`Référence ${referenceClient}`] : []),
    ...(email ? [`E-mail ${email}`] : []),
    ...(telephone ? [`Téléphone ${telephone}`] : []),
  ];
}

const invoiceFacts = ({ invoice, creditNotes }: Dossier): string[] => [
  `Numéro            ${invoice.numero}`,
  `Objet             ${invoice.objet}`,
  `Date              ${day(invoice.dateFacture)}`,
  `Échéance          ${day(invoice.dateEcheance)}`,
  `Total TTC         ${formatEuros(invoice.montant)}`,
  ...creditNotes.map((note) => `Avoir ${note.numero}  -${formatEuros(note.montant)}, ${note.motif}`),
  ...(invoice.montantRecu ? [`Déjà réglé        ${formatEuros(invoice.montantRecu)}`] : []),
  `Reste à payer     ${formatEuros(invoice.restantDu)}`,
  ...(invoice.datePaiement ? [`Marquée réglée    ${day(invoice.datePaiement)}`] : []),
];

const mails = ({ mails: sent }: Dossier): string[] =>
  sent.flatMap((mail) => [
    `${instant(mail.createdAt)}  « ${mail.sujet} », à ${mail.destinataire}`,
    `    Message-ID <${mail.messageId}>`,
    `    ${fate(mail)}`,
  ]);

/** Text from outside is quoted, so that none of its lines looks like a line of this index. */
const replies = ({ replies: received, mails: sent }: Dossier): string[] =>
  received.flatMap((reply) => [
    [`${instant(reply.recueAt)}  « ${reply.sujet} »`, `de ${sender(reply)}`, automatic(reply)]
      .filter(Boolean)
      .join(', '),
    `    en réponse à <${sent.find(({ id }) => id === reply.emailId)!.messageId}>`,
    ...(reply.texte ? linesOf(reply.texte).map((line) => `    > ${line}`) : []),
  ]);

const payments = ({ payments: found }: Dossier): string[] =>
  found.flatMap(({ payment, schedule, attempts }) => [
    `${formatEuros(payment.montant)}, ${standing(payment)}`,
    ...(schedule && attempts.length > 0
      ? [
          `    rejeté le ${day(schedule.dateRejet)}, motif ${schedule.motifRejet}, avant toute nouvelle présentation`,
        ]
      : []),
    ...attempts
      .filter(({ motifRejet }) => motifRejet)
      .map(({ numero, motifRejet }) => `    ${presentationInWords(numero + 1)} rejetée, motif ${motifRejet}`),
  ]);

const decisions = ({ decisions: made, authors }: Dossier): string[] =>
  made.map(({ createdAt, action, niveau, auteur, motif }) => {
    const level = niveau ? `, niveau ${niveau}` : '';
    const by = auteur ? `, par ${authors.get(auteur) ?? auteur}` : '';
    return `${instant(createdAt)}  ${decision(action)}${level}${by}${motif ? ` : ${motif}` : ''}`;
  });
