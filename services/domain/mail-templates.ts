/**
 * The names of the mail templates, `modele` in the contract; `services/email/templates` has a template for
 * each.
 */
export type MailTemplate =
  | ReminderTemplate
  | 'avant-reessai'
  | 'avoir'
  | 'bienvenue'
  | 'confirmation-contrat'
  | 'facture'
  | 'prenotification'
  | 'reessai-echoue'
  | 'reessais-epuises'
  | 'rejet-am04'
  | 'rejet-nouvelles-coordonnees'
  | typeof MERGED_REMINDER;

/** The template of the formal notice. It is also sent to clients who do not want reminders. */
export const FORMAL_NOTICE = 'mise-en-demeure';

/** The template of one reminder for several invoices of a client. */
export const MERGED_REMINDER = 'relance-groupee';

/** The templates for levels of reminders (`rules.reminder_template`), from friendly to firm. */
export const REMINDER_TEMPLATES = ['rappel', 'relance', FORMAL_NOTICE] as const;
type ReminderTemplate = (typeof REMINDER_TEMPLATES)[number];

/** The firmest of some templates of reminders. */
export const firmest = (modeles: string[]): string =>
  REMINDER_TEMPLATES.findLast((modele) => modeles.includes(modele)) ?? REMINDER_TEMPLATES[0];
