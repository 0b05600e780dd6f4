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
  | 'rejet-nouvelles-coordonnees';

/** The template of the formal notice. It is also sent to clients who do not want reminders. */
export const FORMAL_NOTICE = 'mise-en-demeure';

/** The templates for levels of reminders (`rules.reminder_template`). */
export const REMINDER_TEMPLATES = ['rappel', 'relance', FORMAL_NOTICE] as const;
type ReminderTemplate = (typeof REMINDER_TEMPLATES)[number];
