/** What banks and programs write in place of a reference: SEPA's NOTPROVIDED and similar words. */
const NONE = /^(|-|n\/?a|none|0+|not[ -]?provided|not[ -]?available|nonref)$/i;

/** Whether a text is a real reference. */
export const isReference = (text: string): boolean => !NONE.test(text);
