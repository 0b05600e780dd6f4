/** The result of an e-mail for one recipient. */
export type RecipientStatus = {
  /** The original and the final address, in lower case. Empty: the report does not say. */
  addresses: string[];
  /** False: delayed, relayed, or delivered after all. */
  failed: boolean;
  /** RFC 3463. Empty: not given. */
  code: string;
  /** The mail server's words. */
  diagnostic: string;
};
