declare module 'email-reply-parser' {
  /** Separates the written text of an answer from the quoted text. */
  export default class EmailReplyParser {
    read(text: string): { getVisibleText(): string };
  }
}
