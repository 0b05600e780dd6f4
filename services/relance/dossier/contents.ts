import { csv, formatEuros, retryDecision, presentationInWords } from '@crm/domain';
import {
  attemptStanding,
  automatic,
  day,
  decision,
  fate,
  instant,
  linesOf,
  sender,
  standing,
} from './in-words.ts';
import type { Dossier, DossierSources } from './read-dossier.ts';
import { sommaire } from './sommaire.ts';

/**
 * A file is read as fast as the caller takes the dossier, and ten megabytes over a slow line take minutes.
 */
const TAKEN_SLOWLY = { deadlineMs: 10 * 60_000 };

/** The bytes in order, in pieces. */
type Parts = Iterable<{ contenu: Uint8Array }> | AsyncIterable<{ contenu: Uint8Array }>;

/** A file of a dossier: a text, or bytes that are requested when it is written. */
export type Entry = { name: string; text?: string; bytes?: () => Parts };

/** A file, and what the index says about it. */
type Listed = Entry & { about: string };

/** The files of a dossier, index first. */
export function contentsOf(sources: DossierSources, dossier: Dossier): Entry[] {
  const files = [
    ...invoiceFiles(sources, dossier),
    ...mailFiles(sources, dossier),
    ...tables(dossier),
    ...pieceFiles(sources, dossier),
    ...replyFiles(dossier),
    ...formalNoticeFile(dossier),
  ];
  return [{ name: '00-sommaire.txt', text: `\ufeff${sommaire(dossier, files)}` }, ...files];
}

function* invoiceFiles({ factures }: DossierSources, { invoice, creditNotes }: Dossier): Generator<Listed> {
  yield {
    name: `01-facture-${fileName(invoice.numero)}.pdf`,
    about: `Facture ${invoice.numero} du ${day(invoice.dateFacture)}`,
    bytes: () => factures.downloadPdf({ id: invoice.id }, TAKEN_SLOWLY),
  };
  for (const { id, numero, dateAvoir, montant } of creditNotes) {
    yield {
      name: `02-avoirs/avoir-${fileName(numero)}.pdf`,
      about: `Avoir ${numero} du ${day(dateAvoir)}, ${formatEuros(montant)}`,
      bytes: () => factures.downloadCreditNotePdf({ id }, TAKEN_SLOWLY),
    };
  }
}

function* mailFiles({ emails }: DossierSources, { mails }: Dossier): Generator<Listed> {
  for (const [index, { id, sujet, createdAt }] of mails.entries()) {
    const rank = String(index + 1).padStart(3, '0');
    const date = createdAt!.toISOString().slice(0, 10);
    yield {
      name: `03-courriels/${rank}-${date}-${fileName(sujet)}.eml`,
      about: `Courriel « ${sujet} »`,
      bytes: () => emails.downloadEml({ id }, TAKEN_SLOWLY),
    };
  }
}

function* tables({ mails, payments, decisions, authors }: Dossier): Generator<Listed> {
  const by = (sub: string) => authors.get(sub) ?? sub;
  yield {
    name: '03-courriels.csv',
    about: 'Liste des courriels, avec leur Message-ID et leur sort',
    text: csv([
      [
        'Enregistré le',
        'Objet',
        'Destinataire',
        'Expéditeur',
        'Message-ID',
        'Sort',
        'Remis le',
        'Revenu le',
        'Code',
      ],
      ...mails.map((mail) => [
        ...[instant(mail.createdAt), mail.sujet, mail.destinataire, mail.expediteurAdresse],
        ...[
          `<${mail.messageId}>`,
          fate(mail),
          instant(mail.envoyeAt),
          instant(mail.bounceAt),
          mail.codeRefus,
        ],
      ]),
    ]),
  };
  yield {
    name: '04-paiements.csv',
    about: 'Paiements, rejets et retours de la banque',
    text: csv([
      ['Paiement', 'Montant', 'Fait', 'Date', 'Motif', 'Mode'],
      ...payments.flatMap(({ payment, schedule, attempts }) => {
        const own = [payment.id, formatEuros(payment.montant)];
        const mode = payment.mandatId ? 'prélèvement' : 'autre';
        return [
          ...(schedule && attempts.length > 0
            ? [
                [
                  ...own,
                  'rejeté, avant nouvelle présentation',
                  instant(schedule.dateRejet),
                  schedule.motifRejet,
                  mode,
                ],
              ]
            : []),
          ...attempts.map(({ numero, dateCollecte, datePrevue, motifRejet, statut }) => [
            ...[...own, `${presentationInWords(numero + 1)}, ${attemptStanding(statut)}`],
            ...[dateCollecte ? day(dateCollecte) : instant(datePrevue), motifRejet, mode],
          ]),
          [
            ...[...own, standing(payment), instant(payment.dateReception ?? payment.dateRejet)],
            ...[payment.motifRejet, mode],
          ],
        ];
      }),
    ]),
  };
  yield {
    name: '05-decisions.csv',
    about: 'Relances et décisions, avec leur auteur et leur raison',
    text: csv([
      ['Date', 'Décision', 'Niveau', 'Par', 'Raison', 'Détail'],
      ...decisions.map(({ createdAt, action, niveau, auteur, motif, detail }) => [
        ...[instant(createdAt), decision(action), niveau ? String(niveau) : '', by(auteur), motif, detail],
      ]),
      ...payments.flatMap(({ payment, commands }) =>
        commands.map(({ createdAt, action, auteur, motif, detail }) => [
          ...[instant(createdAt), retryDecision(action), '', by(auteur), motif],
          [`paiement ${payment.id}`, detail].filter(Boolean).join(', '),
        ]),
      ),
    ]),
  };
}

function* pieceFiles({ documents }: DossierSources, { pieces }: Dossier): Generator<Listed> {
  for (const [index, { id, nomFichier, createdAt }] of pieces.entries()) {
    const rank = String(index + 1).padStart(3, '0');
    yield {
      name: `06-pieces/${rank}-${fileName(nomFichier)}`,
      about: `Pièce « ${nomFichier} », versée le ${instant(createdAt)}`,
      bytes: () => documents.download({ id }, TAKEN_SLOWLY),
    };
  }
}

function* replyFiles({ replies, mails }: Dossier): Generator<Listed> {
  const answered = new Map(mails.map((mail) => [mail.id, mail]));
  for (const [index, reply] of replies.entries()) {
    const { sujet, recueAt, emailId, texte } = reply;
    const rank = String(index + 1).padStart(3, '0');
    const date = recueAt!.toISOString().slice(0, 10);
    const machine = automatic(reply);
    const mail = answered.get(emailId)!;
    yield {
      name: `07-reponses/${rank}-${date}-${fileName(sujet)}.txt`,
      about: machine ? `Réponse « ${sujet} », automatique` : `Réponse « ${sujet} »`,
      text: [
        `\ufeffReçue le          ${instant(recueAt)}`,
        `De                ${sender(reply)} (c’est le message qui le dit)`,
        `Objet             ${sujet}`,
        `En réponse à      « ${mail.sujet} », Message-ID <${mail.messageId}>`,
        ...(machine
          ? [`${machine[0]!.toUpperCase()}${machine.slice(1)} : son texte n’est pas conservé`]
          : []),
        '',
        ...(texte ? ['Ce qui est écrit, sans ce qui est cité, 2 000 caractères au plus :', ''] : []),
        ...linesOf(texte),
        '',
      ].join('\r\n'),
    };
  }
}

function* formalNoticeFile({ formalNotice, invoice }: Dossier): Generator<Listed> {
  if (!formalNotice) return;
  const { date, parts } = formalNotice;
  yield {
    name: `08-mise-en-demeure-${fileName(invoice.numero)} du ${date}.pdf`,
    about: `Mise en demeure à poster, faite avec ce dossier le ${day(date)} : elle ne prouve aucun envoi`,
    bytes: () => parts,
  };
}

/**
 * A file name for every system: letters and digits of any language, no folders, at most a hundred characters.
 */
const fileName = (text: string): string =>
  [
    ...text
      .normalize('NFC')
      .replace(/[^\p{L}\p{N}._ -]+/gu, ' ')
      .replace(/ +/g, ' ')
      .trim(),
  ]
    .slice(0, 100)
    .join('')
    .replace(/^\.+|[. ]+$/g, '') || 'sans nom';
