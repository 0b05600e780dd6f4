/** The MsgId of a file: its id without hyphens. 32 characters; ISO 20022 allows 35. */
export const messageIdOf = (fileId: string): string => fileId.replaceAll('-', '');

/** The file id behind a MsgId. A MsgId that is not ours gives an id that no file has. */
export const fileIdOf = (messageId: string): string =>
  messageId.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * The PmtInfId of a file's block, counted from 1. At most 35 characters for 9,999 blocks, and unique over all
 * files.
 */
export const blocIdOf = (fileId: string, block: number): string =>
  `${messageIdOf(fileId).slice(0, 30)}-${block}`;
