import type { operations as fr } from '../fr/operations.ts';

/** What a workflow is about, by its type. */
const SUJETS: Record<string, string> = {
  clientCreated: 'New client',
  invoiceCreated: 'New invoice',
  paymentReceived: 'Payment received',
  paymentRejected: 'Payment rejected',
  contractSigned: 'Contract signed',
  firstFollowUp: 'First follow-up',
  invoiceReminder: 'Reminders',
  paymentRetry: 'Retry of a debit',
};

/** What a handler does, by its name. */
const TRAITEMENTS: Record<string, string> = {
  email: 'mail',
  notifications: 'notification',
  dashboard: 'figures',
  relance: 'reminders',
  commission: 'commission',
  retry: 'retries',
  payments: 'schedule',
  documents: 'filing',
};

const plural = (nombre: number, un: string, plusieurs: string) => (nombre > 1 ? plusieurs : un);

export const operations: typeof fr = {
  exploitation: {
    titre: 'Operations',
    vu: (quand: string) => `Checked on ${quand}`,
    ancien: (quand: string) => `Checked on ${quand}: the last check failed`,
    verdicts: {
      0: '—',
      1: 'All is well',
      2: 'Worth a look',
      3: 'Alert',
      4: 'Not everything can be known',
    },
    etats: { 0: '—', 1: 'good', 2: 'look', 3: 'alert', 4: 'unknown' },
    groupes: {
      0: 'Other',
      1: 'Platform',
      2: 'Events',
      3: 'Handlers',
      4: 'Business',
    },
    seuil: (seuil: string) => `threshold ${seuil}`,
    traitement: (type: string, handler: string) =>
      `${SUJETS[type] ?? type}, ${TRAITEMENTS[handler] ?? handler}`,
    echecs: {
      titre: 'Failed or late, by cause',
      nombre: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'open run', 'open runs')}`,
      fois: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'time', 'times')}`,
      tronque: 'There are more than can be read: only the newest 10,000 are counted.',
      aucun: 'No handler has failed or is late.',
      echec: 'failed',
      retard: 'late',
      sansRaison: 'The reason is in the Temporal UI.',
      depuis: (quand: string) => `since ${quand}`,
      voir: 'Show',
      cacher: 'Hide',
      voirAide: (quoi: string) => `Show the runs: ${quoi}`,
      relancer: 'Run again',
      relancerAide: (quoi: string, nombre: number) => `Run ${nombre} again: ${quoi}`,
      abandonner: 'Give up',
      abandonnerAide: (quoi: string, nombre: number) => `Give ${nombre} up: ${quoi}`,
    },
    runs: {
      client: 'Client',
      inconnu: 'Unknown client',
      facture: 'Invoice',
      raison: 'Reason',
      depuis: 'Since',
      temporal: 'Temporal',
      ouvrir: 'Open',
      ouvrirAide: (id: string) => `Open in Temporal: ${id}`,
    },
    decisions: {
      combien: (nombre: number, dit: string) =>
        `${dit} ${plural(nombre, 'run is chosen.', 'runs are chosen.')}`,
      avance: (faits: string, tous: string) => `${faits} results of ${tous}`,
      fait: (faits: number, tous: number) =>
        faits === tous ? `Done for all ${tous}.` : `Done for ${faits} of ${tous}: the rest is said above.`,
      redrive: {
        titre: (quoi: string) => `Run again: ${quoi}`,
        effet: 'The handler runs again, for these alone. What fails meanwhile is not touched.',
        bouton: 'Run again',
      },
      skip: {
        titre: (quoi: string) => `Give up: ${quoi}`,
        effet: 'The handler will not be done, for these alone. This cannot be undone.',
        bouton: 'Give up',
      },
    },
    issues: {
      titre: 'What became of it',
      de: (quoi: string) => `Result: ${quoi}`,
      nombres: {
        0: (_: number, dit: string) => dit,
        1: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'done', 'done')}`,
        2: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'still fails', 'still fail')}`,
        3: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'still trying', 'still trying')}`,
        4: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'given up', 'given up')}`,
        5: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'waited no more', 'waited no more')}`,
        6: (nombre: number, dit: string) => `${dit} ${plural(nombre, 'not reached', 'not reached')}`,
      },
      mots: { 2: 'still fails', 3: 'trying', 6: 'not reached' },
      autres: (nombre: number) => `and ${nombre} more`,
    },
    messages: {
      titre: 'Messages set aside',
      aucun: 'No message is set aside.',
      sujet: 'Subject',
      raison: 'Why',
      recu: 'Received',
      contenu: 'Content',
      redriveDeadLetters: {
        titre: (nombre: number) => `Publish ${nombre} ${plural(nombre, 'message', 'messages')} again`,
        effet: 'Each becomes a workflow, once what was wrong has been mended.',
        bouton: 'Publish again',
        fait: (faits: number, tous: number) => `${faits} of ${tous} published again.`,
      },
      discardDeadLetters: {
        titre: (nombre: number) => `Discard ${nombre} ${plural(nombre, 'message', 'messages')}`,
        effet: 'Nothing will follow from them. Your name and the reason are kept.',
        bouton: 'Discard',
        fait: (faits: number, tous: number) => `${faits} of ${tous} discarded.`,
      },
    },
  },
};
