import type { bulk as fr } from '../fr/bulk.ts';

export const bulk: typeof fr = {
  lots: {
    titre: 'Bulk actions',
    aide: 'Only what is listed and chosen is acted upon, as you have seen it.',
    suivi: 'Follow-ups',
    suivis: { relances: 'Reminders', reessais: 'Retries' },
    lecture: (lus) => `Reading… ${lus} read`,
    correspondent: (nombre, ecrit) =>
      nombre > 1 ? `${ecrit} follow-ups match the filter` : `${ecrit} follow-up matches the filter`,
    relire: 'Read again',
    tropNombreux: (nombre) => `Only the first ${nombre} are listed: narrow the filter.`,
    aucun: 'No follow-up matches the filter.',
    total: 'Total',
    inconnue: 'unknown invoice',
    sansDate: 'no date',
    jours: (jours) => (jours > 1 ? `${jours} days` : '1 day'),
    enMarche: 'Running',
    etats: {
      relances: [
        { id: '1', nom: 'Waiting' },
        { id: '2', nom: 'Paused' },
      ],
      reessais: [
        { id: '1', nom: 'Planned' },
        { id: '2', nom: 'With the bank' },
      ],
    },
    statuts: {
      EN_ATTENTE: 'waiting',
      EN_PAUSE: 'paused',
      ACHEVEE: 'completed',
      SOLDEE: 'settled',
      ANNULEE: 'cancelled',
      PLANIFIE: 'planned',
      EN_COURS: 'with the bank',
      ENCAISSE: 'collected',
      EPUISE: 'exhausted',
      ARRETE: 'stopped',
    },
    colonnes: {
      facture: 'Invoice',
      client: 'Client',
      niveau: 'Level',
      presentation: 'Presentation',
      quand: 'Next',
      statut: 'State',
      echeance: 'Due date',
      responsable: 'Account manager',
      reste: 'Left to pay',
      montant: 'Amount',
    },
    motifRejet: 'Reason of rejection',
    echueDepuis: 'Due for (days)',
    seulementEnRetard: 'Only what is late',
    commandes: {
      pause: {
        bouton: 'Pause',
        titre: (nombre, ecrit) => (nombre > 1 ? `Pause ${ecrit} reminders` : 'Pause a reminder'),
        effet: 'None is sent before the end of the pause. What was due meanwhile is sent once, when resumed.',
      },
      reprise: {
        bouton: 'Resume',
        titre: (nombre, ecrit) => (nombre > 1 ? `Resume ${ecrit} reminders` : 'Resume a reminder'),
        effet: 'The pause ends: what is due is sent in the next opening hours.',
      },
      saut: {
        bouton: 'Skip the level',
        titre: (nombre, ecrit) =>
          nombre > 1 ? `Skip the next level of ${ecrit} reminders` : 'Skip the next level',
        effet: 'The next level of each will not be sent; the one after it becomes the next.',
      },
      envoi: {
        bouton: 'Send now',
        titre: (nombre, ecrit) => (nombre > 1 ? `Send ${ecrit} reminders now` : 'Send a reminder now'),
        effet:
          'They are sent by turns, at the usual rate, as soon as the hour and the distance to the client’s last reminder allow it.',
      },
      annulation: {
        bouton: 'Cancel',
        titre: (nombre, ecrit) => (nombre > 1 ? `Cancel ${ecrit} reminders` : 'Cancel a reminder'),
        effet:
          'No further reminder of these invoices will be sent. This cannot be undone. What is owed does not change.',
      },
      maintenant: {
        bouton: 'Present now',
        titre: (nombre, ecrit) => (nombre > 1 ? `Present ${ecrit} debits now` : 'Present a debit now'),
        effet: 'The next presentation of each is put on the first possible working day.',
      },
      deplacer: {
        bouton: 'Move',
        titre: (nombre, ecrit) => (nombre > 1 ? `Move ${ecrit} presentations` : 'Move a presentation'),
        effet: 'The next presentation of each is on that day; a closed day becomes the next working day.',
      },
      arret: {
        bouton: 'Stop',
        titre: (nombre, ecrit) => (nombre > 1 ? `Stop ${ecrit} retries` : 'Stop a retry'),
        effet: 'These debits will not be presented any more. What is owed does not change.',
      },
    },
    nouveauJour: 'New day',
    simulation: 'simulation',
    choisis: (nombre, ecrit) => (nombre > 1 ? `${ecrit} follow-ups chosen` : '1 follow-up chosen'),
    partis: (nombre) => `Since the list was read, ${nombre} of them do not match the filter any more.`,
    nouveaux: (nombre) =>
      `Since the list was read, ${nombre > 1 ? `${nombre} others match` : 'another one matches'} the filter: not acted upon.`,
    regarde: 'Looking at what would become of them…',
    possibles: (possibles, refuses) =>
      refuses === 0 ? 'All can be done.' : `${possibles} can be done, ${refuses} would be refused.`,
    seraientRefuses: 'Would be refused',
    lesquels: 'Which ones',
    lignes: 'Lines',
    etAutres: (nombre) => `and ${nombre} others: the file of results has all of them.`,
    avancement: (faits, total) => `${faits} of ${total}`,
    faites: (faites, total) => `${faites} of ${total} done`,
    bilan: (faites, refusees) =>
      `${faites} done${refusees > 0 ? `, ${refusees} not done: this is why` : ', none refused'}.`,
    reessayer: (nombre) => (nombre > 1 ? `Try the ${nombre} again` : 'Try again'),
    enFichier: 'Results as CSV',
    fichier: 'bulk-actions',
    resultat: 'Result',
    pourquoi: 'Why',
    issues: {
      0: '',
      1: 'Done',
      2: 'Possible',
      3: 'Refused:',
      4: 'Not found.',
      5: 'No answer in time:',
      6: 'Not reached:',
    },
  },
};
