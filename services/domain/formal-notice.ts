/** The template of the formal notice. It is sent even to clients who do not want reminders. */
export const FORMAL_NOTICE = 'mise-en-demeure';
