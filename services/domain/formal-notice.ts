/** The template of the formal notice: it is sent also to clients who do not want to be reminded. */
export const FORMAL_NOTICE = 'mise-en-demeure';
