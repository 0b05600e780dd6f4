import type { firstRun as fr } from '../fr/first-run.ts';

const lines = (count: number, words: string): string[] => (count > 0 ? [`${count} ${words}`] : []);

export const firstRun: typeof fr = {
  demarrage: {
    titre: 'Begin',
    aide: 'From an empty organisation to reminders that go out. Leave and come back whenever you like: what exists is done.',
    etapes: 'Steps',
    avancement: (faites, total) => `${faites} of ${total} steps are done.`,
    termine: 'Everything is in place.',
    commencerOu: 'Begin with an organisation, or play the demonstration',
    agenda: 'See the agenda',
    ouvrirEtape: (titre) => `Open or close: ${titre}`,
    etats: { faite: 'done', ensuite: 'next', facultative: 'optional', plusTard: 'later' },
    titres: {
      societe: 'The company',
      creancier: 'The creditor',
      regles: 'The rules for reminders',
      clients: 'The clients',
      factures: 'The open invoices',
      relances: 'The reminders begin',
    },
    aides: {
      societe: 'In whose name invoices and mails go out.',
      creancier:
        'For debits: the identifier that the bank gave (ICS) and the account. Without it one reminds, and debits nobody.',
      regles: 'What goes out, and when. Begin with these and change them later.',
      clients: 'Those that you have already: they are not welcomed.',
      factures: 'Those that are not paid, under their numbers. The import sends nothing.',
      relances: 'Nothing goes out before you have seen it and begun it here.',
    },
    organisation: {
      titre: 'A new organisation',
      aide: 'Or choose one above, to go on with what has begun.',
      nom: 'Name',
      code: 'Code (optional)',
      codeAide: 'The name by which other programs know it.',
      email: 'E-mail (optional)',
      creer: 'Create the organisation',
      creee: 'The organisation is created.',
    },
    societe: {
      raisonSociale: 'Company name',
      formeJuridique: 'Legal form',
      siren: 'SIREN',
      sirenInvalide: 'Nine digits: 542 051 180.',
      numeroTva: 'VAT number',
      adresse: 'Address',
      contact: 'Contact for clients',
      contactAide: 'Below the mails: a name, a number.',
      expediteurNom: 'Name of the sender',
      expediteurAdresse: 'Sender’s address',
      expediteurAide: 'Empty: that of the platform.',
      replyTo: 'Answers to',
      creer: 'Save the company',
      creee: 'The company is saved.',
    },
    creancier: {
      nom: 'Account holder',
      ics: 'ICS',
      icsAide: 'SEPA creditor identifier: FR72ZZZ123456.',
      iban: 'IBAN',
      bic: 'BIC (optional)',
      creer: 'Save the creditor',
      cree: 'The creditor is saved.',
    },
    regles: {
      prendre: 'Take these rules',
      prises: 'The rules are in force.',
      motif: 'rules offered at the beginning',
      ecrire: 'Write my own',
    },
    fichier: {
      aide: {
        clients:
          'A CSV file as Excel or your software exports it. It is looked at first; nothing is created.',
        factures: 'A CSV file of open invoices. It is looked at first; nothing is created or sent.',
      },
      choisir: { clients: 'File of clients', factures: 'File of open invoices' },
      colonnes: {
        clients:
          'Columns: Raison sociale or Nom, and if possible Code client, SIREN, E-mail, Téléphone, Adresse.',
        factures:
          'Columns: N° facture, Date facture, Échéance, Client or Code client, Montant TTC, Restant dû.',
      },
      tropGrand: 'The file has more than 4 MB: split it.',
      lecture: 'Reading…',
      import: 'Importing…',
      bilan: (bilan) =>
        [
          ...lines(bilan.creees, 'imported'),
          ...lines(bilan.aCreer, 'to import'),
          ...lines(bilan.enFaute, 'at fault'),
          ...lines(bilan.existantes, 'exist already'),
          ...lines(bilan.repetees, 'repeated'),
          ...lines(bilan.sansObjet, 'nothing to import'),
        ].join(', ') || 'no lines',
      importees: (nombre) => (nombre > 1 ? `${nombre} lines imported.` : `${nombre} line imported.`),
      importer: (nombre) => (nombre > 1 ? `Import the ${nombre} lines` : 'Import the line'),
      importerSauf: (bonnes, fautives) => `Import the ${bonnes} right ones, leave the ${fautives} at fault`,
      corriger: 'Mend the file and choose it again: what is imported already is not imported twice.',
      lignes: 'Lines of the file',
      seulementFautives: (nombre) => `Only the ${nombre} at fault`,
      ligne: 'Line',
      quoi: 'What',
      sort: 'What becomes of it',
      fautes: 'What is wrong',
      sorts: {
        1: 'to import',
        2: 'imported',
        3: 'exists already',
        4: 'repeated',
        5: 'nothing to import',
        6: 'at fault',
      },
      aucune: 'No lines.',
    },
    reprise: {
      sansRelances: (ecrit, nombre) =>
        nombre > 1
          ? `${ecrit} open invoices have no reminders yet.`
          : nombre === 1
            ? 'One open invoice has no reminders yet.'
            : 'All open invoices have their reminders.',
      partirait: (jour, semaine, mois) =>
        `Would go out: ${jour} today, ${semaine} within seven days, ${mois} within thirty days.`,
      tropAnciennes: (nombre) => `For ${nombre}, every level lies in the past: nothing will go out.`,
      aide: 'Levels whose day has passed are left out: nobody gets at once what should have gone out before.',
      image: 'Mails by day for thirty days; the table names them.',
      mails: 'Mails',
      enCours: 'The reminders begin…',
      commencer: (nombre) =>
        nombre > 1 ? `Begin the reminders of ${nombre} invoices` : 'Begin its reminders',
      commencees: (nombre) =>
        nombre > 1 ? `The reminders of ${nombre} invoices have begun.` : 'The reminders have begun.',
      table: 'What would go out within thirty days',
      quand: 'When',
      facture: 'Invoice',
      client: 'Client',
      quoi: 'What',
      montant: 'Amount',
      rien: 'Nothing would go out within thirty days.',
    },
    demo: {
      titre: 'Demonstration',
      nom: 'Demonstration (to throw away)',
      aide: 'A sample organisation: five clients, eleven invoices, rules, two rejected debits. Its addresses end in .invalid, which no server receives, and it has no creditor: nothing can go to the bank. One button throws it away: what runs is cancelled, and it leaves the lists. Its invoices stay in the database, as all do.',
      estUne: 'This is a demonstration: clients and invoices are made up.',
      jouer: 'Play the demonstration',
      jouee: 'The demonstration is in place.',
      jeter: 'Throw away',
      jeterNom: (code) => `Throw the demonstration ${code} away`,
      jetee: 'The demonstration is thrown away.',
      motif: 'demonstration thrown away',
      etapes: [
        'The organisation and its company…',
        'The rules…',
        'The clients…',
        'The open invoices…',
        'The reminders begin…',
        'Two debits are rejected…',
      ],
    },
  },
};
