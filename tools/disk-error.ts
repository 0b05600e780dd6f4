import { userInfo } from 'node:os';
import { PlainError } from './plain-error.ts';

const DISK_FULL = /ENOSPC|EDQUOT|no space left on device|disk quota exceeded|database or disk is full/i;

/** Whether a text (a log, an error message) says that a disk is full. */
export function saysDiskFull(text: string): boolean {
  return DISK_FULL.test(text);
}

export function diskFull(folder: string): PlainError {
  return new PlainError(
    `The disk that holds ${folder} is full. Free some space, or move the data: DATA_DIR=/elsewhere npm start`,
  );
}

/**
 * Turns a file system error (ENOSPC, EACCES, EROFS…) about `folder` into a sentence that says what to do.
 * Returns any other error unchanged.
 */
export function explainDiskError(error: unknown, folder: string): unknown {
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  if (saysDiskFull(code)) return diskFull(folder);
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) {
    return new PlainError(
      `${userInfo().username} cannot use ${path ?? folder} (${message.split(',')[0]}). ` +
        `Make it writable, or put the data elsewhere: DATA_DIR=/elsewhere npm start`,
    );
  }
  return error;
}
