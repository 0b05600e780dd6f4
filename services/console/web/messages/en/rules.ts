import { englishRules } from '../../rules/rule-words.ts';
import type { rules as fr } from '../fr/rules.ts';

export const rules: typeof fr = {
  regles: {
    titre: 'Rules',
    aide: 'What goes out, when and on which conditions. What runs keeps its rules until it is moved.',
    vue: 'Kind of rules',
    vues: { relances: 'Reminders', representations: 'Retries', suivis: 'First follow-ups' },
    origines: (origine, organisation) =>
      origine === ''
        ? 'Nobody has rules of their own: these come with Suivi. Saving them makes them this organisation’s.'
        : origine === organisation
          ? 'This organisation’s own rules.'
          : 'This organisation goes by the common rules (“default”). Saving them makes them its own.',
    niveaux: 'Levels of reminders',
    modifier: 'Edit',
    modifierNiveau: (niveau) => `Edit level ${niveau}`,
    supprimerNiveau: (niveau) => `Remove level ${niveau}`,
    ajouter: '+ Add a level',
    abandonner: 'Undo the changes',
    simuler: 'See what this changes',
    sansSimulation: 'The simulation has not answered: you would save without having seen what this changes.',
    enregistrer: 'Save the rules',
    enregistrees: 'The rules are saved.',
    suivisAide: 'First follow-ups that are planned keep the rule with which they began.',
    phrases: englishRules,
    champs: {
      delai: 'Delay',
      delaiAide: '15 or 15 d: days. Also: 2 h, 20 d 10 h.',
      delaiInvalide: 'Write a delay: 15 d, 2 h or 20 d 10 h.',
      base: 'Counted from',
      bases: { 1: 'the date of the invoice', 2: 'the due date' },
      canal: 'What happens',
      canaux: { 1: 'A mail to the client', 2: 'A call to make', 3: 'A letter to post' },
      modele: 'Tone of the mail',
      modeles: {
        rappel: 'Rappel (friendly)',
        relance: 'Relance (firm)',
        'mise-en-demeure': 'Mise en demeure (formal notice)',
      },
      ouverture: 'From',
      fermeture: 'Until',
      heureInvalide: 'Write an hour: 9:00 or 09:30.',
      fermetureInvalide: 'Later than the beginning; 0:00 for midnight.',
      montantMinimum: 'Only from',
      montantMinimumAide: 'Below, the level is left out. Empty: always.',
      espacement: 'Distance',
      espacementAide: 'After the client’s last reminder.',
      tousLesJours: 'Weekends and holidays too',
      malgrePrelevement: 'Even if a debit covers the invoice',
      delaisJours: 'Days after the rejection',
      delaisJoursAide: 'Ascending: 5, 10, 20.',
      delaisJoursInvalides: 'Ascending days, from 1 to 365: 5, 10, 20.',
      delaisTropTard: (jours) => `Nothing goes out after D+${jours}: see “At the latest”.`,
      maxTentatives: 'New presentations, at most',
      maxJoursTotal: 'At the latest, in days after the rejection',
      nombreInvalide: (plus) => `A number from 1 to ${plus}.`,
      heureLimite: 'Submitted at',
      codes: 'Other reasons that are retried',
      codesAide: 'Besides AM04: MS03, for example.',
      codesInvalides: 'Codes of four signs: MS03.',
      delaiSuivi: 'Task after the client is created',
      delaiRappel: 'Reminder after the task',
    },
    simulation: {
      titre: 'What this changes',
      enCours: (factures) => `${factures} invoices seen…`,
      resume: (ecrit, nombre, jour) =>
        nombre > 1
          ? `Of ${ecrit} open invoices, until ${jour}, if everything moved to these rules:`
          : nombre === 1
            ? `Of the open invoice, until ${jour}, if everything moved to these rules:`
            : `No open invoice is followed: nothing moves until ${jour}.`,
      differences: ({ avancees, retardees, supprimees, ajoutees, changees }) => {
        const said = (
          [
            [avancees, 'earlier'],
            [retardees, 'later'],
            [supprimees, 'dropped'],
            [ajoutees, 'in addition'],
            [changees, 'changed'],
          ] as const
        ).flatMap(([count, words]) => (count ? [`${count} ${words}`] : []));
        return said.length > 0 ? `${said.join(', ')}.` : 'nothing changes.';
      },
      mesure: 'What the picture shows',
      mails: 'Mails',
      montants: 'Amounts asked for',
      prelevements: 'Debits',
      image: (mesure) => `${mesure} by day, before and after; the table by day has the same numbers.`,
      tableau: 'Table by day',
      jour: 'Day',
      avant: 'Before',
      apres: 'After',
      mailsAvant: 'Mails before',
      mailsApres: 'Mails after',
      montantsAvant: 'Asked for before',
      montantsApres: 'Asked for after',
      prelevementsAvant: 'Debited before',
      prelevementsApres: 'Debited after',
      parFacture: 'Invoice by invoice',
      facture: 'Invoice',
      client: 'Client',
      quoi: 'What',
      nature: 'Change',
      plusTot: 'earlier',
      plusTard: 'later',
      natures: { 2: 'dropped', 3: 'in addition', 4: 'changed' },
      rien: 'Nothing.',
    },
    migration: {
      titre: 'What runs already',
      lecture: 'Reading what runs…',
      aucune: 'Nothing that runs would be different by these rules.',
      concernees: (nombre, total) =>
        `${nombre} of ${total} that run still go by the old rules and would change.`,
      impossibles: (nombre) => `${nombre} cannot be moved.`,
      laisser: 'Leave it as it is',
      deplacer: (nombre) => (nombre > 1 ? `Move the ${nombre} to the new rules` : 'Move it to the new rules'),
      continuer: 'Go on',
      enCours: 'Moving…',
      facture: 'Invoice',
      client: 'Client',
      montant: 'Amount',
      avant: 'Next, before',
      apres: 'Next, after',
      sansDate: 'no date',
      plusRien: 'nothing more',
      resultat: 'Result',
      message: 'Why',
      prochaine: 'Next',
      issues: { 1: 'moved', 2: 'possible', 3: 'refused', 4: 'not found', 5: 'no answer', 6: 'not reached' },
      faites: (nombre) => `${nombre} moved.`,
      pasFaites: (nombre) => (nombre > 1 ? `${nombre} were not.` : '1 was not.'),
    },
    entreTemps: {
      dit: (auteur, quand, motif) =>
        `${auteur} saved other rules on ${quand}${motif && ` (${motif})`}. What you have written is still here.`,
      prendre: 'Take theirs',
      garder: 'Keep mine',
    },
    historique: {
      titre: 'Who changed the rules',
      aucun: 'Nobody has changed them.',
      rien: 'Saved without a change.',
      plusDePropres: 'No rules of its own any more: those of “default”.',
    },
    apercus: {
      titre: 'What the mails say',
      modeles: {
        rappel: 'Rappel',
        relance: 'Relance',
        'mise-en-demeure': 'Mise en demeure',
        'relance-groupee': 'Relance groupée',
        'avant-reessai': 'Before a retry',
        'reessai-echoue': 'Retry rejected',
        'reessais-epuises': 'End of the retries',
      },
    },
  },
};
