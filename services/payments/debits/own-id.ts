/**
 * The forms of our ids: an attempt (32 digits and two), a file (32), a block (30 and its number). See
 * end-to-end-id, message-id.
 */
const FORMS = /^([0-9a-f]{32}([0-9]{2})?|[0-9a-f]{30}-[0-9]{1,4})$/i;

/**
 * Whether a text has the form of our ids. About one in some thousands of them looks like a valid IBAN; it
 * must not be masked as one.
 */
export const isOwnId = (id: string): boolean => FORMS.test(id);
