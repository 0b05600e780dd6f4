/** MsgId of a file: its id without hyphens, 32 characters of the 35 that ISO 20022 allows. */
export const messageIdOf = (fileId: string): string => fileId.replaceAll('-', '');

/** PmtInfId of a file's block, counted from 1: 35 characters at most for 9,999 blocks, and no file has another's. */
export const blocIdOf = (fileId: string, block: number): string =>
  `${messageIdOf(fileId).slice(0, 30)}-${block}`;
