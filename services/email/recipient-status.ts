/** What became of an e-mail for a recipient. */
export type RecipientStatus = {
  /** As it was written to, and as it was delivered to, in lower case; none where the report does not say. */
  addresses: string[];
  /** False: it is delayed, was relayed, or was delivered after all. */
  failed: boolean;
  /** RFC 3463; empty where none is told. */
  code: string;
  /** In the mail server's words. */
  diagnostic: string;
};
