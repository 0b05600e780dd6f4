declare module 'email-reply-parser' {
  /** Finds in the text of an answer what was written and what is quoted. */
  export default class EmailReplyParser {
    read(text: string): { getVisibleText(): string };
  }
}
