/** What banks and programs write where there is no reference: SEPA's NOTPROVIDED, and others' words for it. */
const NONE = /^(|-|n\/?a|none|0+|not[ -]?provided|not[ -]?available|nonref)$/i;

/** Whether a text is a reference, and not one of the words for none. */
export const isReference = (text: string): boolean => !NONE.test(text);
