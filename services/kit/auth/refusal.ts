/**
 * Why a call was not let in: a short, closed list, fit for a metric's label. Only for logs and metrics; the
 * caller is never told.
 */
export type RefusalReason =
  | 'headers_unseen'
  | 'header_missing'
  | 'header_repeated'
  | 'header_malformed'
  | 'too_long'
  | 'malformed'
  | 'claim_repeated'
  | 'critical_header'
  | 'wrong_algorithm'
  | 'unknown_key'
  | 'wrong_signature'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'wrong_type'
  | 'claim_missing'
  | 'claim_invalid'
  | 'expired'
  | 'too_old'
  | 'not_yet_valid'
  | 'unexpected'
  | 'keys_unavailable';

/** The token, or the header it should have come in, is not acceptable; nobody is told why. */
export class TokenRefused extends Error {
  readonly reason: RefusalReason;
  /** The claim at fault: its name, never its value. */
  readonly claim: string | undefined;

  constructor(reason: RefusalReason, claim?: string) {
    super(claim === undefined ? reason : `${reason}: ${claim}`);
    this.name = 'TokenRefused';
    this.reason = reason;
    this.claim = claim;
  }
}

/** The issuer's keys could not be had, so that nothing can be said about the token: worth trying again. */
export class KeysUnavailable extends Error {
  readonly reason = 'keys_unavailable';

  constructor() {
    super('the keys of the token issuer could not be fetched');
    this.name = 'KeysUnavailable';
  }
}
