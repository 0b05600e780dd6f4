/** MsgId of a file: its id without hyphens, 32 characters of the 35 that ISO 20022 allows. */
export const messageIdOf = (fileId: string): string => fileId.replaceAll('-', '');

/** The id of the file that has a MsgId; a MsgId that is none of ours gives one that no file has. */
export const fileIdOf = (messageId: string): string =>
  messageId.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** PmtInfId of a file's block, counted from 1: 35 characters at most for 9,999 blocks, and no file has another's. */
export const blocIdOf = (fileId: string, block: number): string =>
  `${messageIdOf(fileId).slice(0, 30)}-${block}`;
