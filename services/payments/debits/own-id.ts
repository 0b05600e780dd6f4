/** An attempt's (32 digits and two), a file's (32) or a block's (30, and its number): see end-to-end-id, message-id. */
const FORMS = /^([0-9a-f]{32}([0-9]{2})?|[0-9a-f]{30}-[0-9]{1,4})$/i;

/** Whether an id has the form of those that we give: one in some thousands happens to hold a valid IBAN, and is none. */
export const isOwnId = (id: string): boolean => FORMS.test(id);
