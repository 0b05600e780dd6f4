import type { invoice as fr } from '../fr/invoice.ts';

export const invoice: typeof fr = {
  factures: {
    titre: (numero) => `Invoices ${numero}`,
    aucune: (numero) => `No invoice has the number “${numero}”.`,
    aucuneAide:
      'The number is at the top of the invoice: F-2026-0042. The chosen organisation does not limit the search.',
    plusieurs: (nombre) => `${nombre} organisations have an invoice with this number.`,
    sansNumero: 'Write an invoice number into the search field.',
  },
  facture: {
    titre: (numero) => `Invoice ${numero}`,
    introuvable: 'This invoice does not exist.',
    total: 'Total incl. VAT',
    reste: 'Left to pay',
    emise: 'Issued on',
    echeance: 'Due date',
    objet: 'Subject',
    organisation: 'Organisation',
    statuts: { 0: '—', 1: 'To be paid', 2: 'Paid', 3: 'Credited in full' },
    echue: (jours) => (jours === 1 ? 'due since yesterday' : `overdue by ${jours} days`),
    appeler: (numero) => `Call ${numero}`,
    sansRelance: 'This client gets no reminders, only formal notices.',
    adresseRefusee: 'The e-mail address of this client was refused: no mails reach them.',
  },
  relances: {
    titre: 'Reminders',
    aucune: 'No reminder is planned for this invoice.',
    statuts: { 0: '—', 1: 'Waiting', 2: 'Paused', 3: 'Completed', 4: 'Settled', 5: 'Cancelled' },
    prochaine: (quand) => `Next: ${quand}`,
    retenues: 'Held back',
    pauseJusqu: (jour) => `Paused until ${jour}, included`,
    pauseSansFin: 'Paused until resumed',
    finMotif: (motif) => `Reason: ${motif}`,
    niveau: (niveau) => `Level ${niveau}`,
    etats: {
      envoyee: (quand) => `Sent on ${quand}`,
      sautee: (motif) => `Skipped: ${motif}`,
      prochaine: (quand) => `Next, on ${quand}`,
      prochaineSansDate: 'Next, when resumed',
      prevue: (quand) => `Wanted on ${quand}`,
      plusRien: 'Will not be sent',
    },
    demandee: 'asked for by a person',
    malgrePrelevement: 'even if a debit covers it',
    canaux: { 0: '', 1: '', 2: 'by a call', 3: 'by a letter' },
    regle: (delai, base) => `${delai} after ${base}`,
    bases: { 0: 'the invoice', 1: 'the invoice', 2: 'the due date' },
    modeles: { rappel: 'Reminder', relance: 'Second reminder', 'mise-en-demeure': 'Formal notice' },
    actions: 'Act on the reminders',
  },
  commandes: {
    pause: {
      bouton: 'Pause',
      titre: 'Pause the reminders',
      effet:
        'No reminder is sent before the end of the pause. What was due meanwhile is sent once, when resumed.',
      fait: 'The reminders are paused.',
    },
    reprise: {
      bouton: 'Resume',
      titre: 'Resume the reminders',
      effet:
        'The pause ends: the next reminder is sent on its day, or in the next opening hours if that day has passed.',
      fait: 'The reminders are resumed.',
    },
    saut: {
      bouton: 'Skip the level',
      titre: (niveau) => `Skip level ${niveau}`,
      effet: (niveau, suivant) =>
        suivant
          ? `Level ${niveau} will not be sent. Level ${suivant} becomes the next one.`
          : `Level ${niveau} will not be sent. It is the last one: the reminders of this invoice will be completed.`,
      fait: 'The level is skipped.',
    },
    envoi: {
      bouton: 'Send now',
      titre: (niveau) => `Send level ${niveau} now`,
      effet:
        'The mail is sent at once if the hour and the distance to the client’s last reminder allow it, otherwise at the next opening.',
      fait: 'The reminder was asked for.',
    },
    annulation: {
      bouton: 'Cancel the reminders',
      titre: 'Cancel the reminders of this invoice',
      effet: 'No further reminder of this invoice will be sent. This cannot be undone.',
      fait: 'The reminders are cancelled.',
    },
    jusquAu: 'Until (included)',
    jusquAuAide: 'Without a date: until resumed.',
  },
  historique: {
    titre: 'History',
    aucun: 'Nothing was done yet.',
    suite: 'Show older',
    actions: {
      1: 'Reminders planned',
      2: 'Reminder sent',
      3: 'Level skipped',
      4: 'Paused',
      5: 'Resumed',
      6: 'Sending asked for',
      7: 'Reminders cancelled',
      8: 'Invoice settled',
      9: 'Reminders restarted',
      10: 'Moved to the rules in force',
      11: 'Invoice taken over from another system',
      12: 'Held back',
      13: 'Hold ended',
      14: 'Due date changed',
      17: 'Task created',
    },
    autre: 'Change',
    niveau: (niveau) => `level ${niveau}`,
    automatique: 'Suivi',
  },
};
