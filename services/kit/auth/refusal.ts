/**
 * Why a call was refused: a short fixed list, suitable as a metric's label. For logs and metrics only;
 * callers are never told.
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

/** The token or its header is not acceptable. Callers are not told why. */
export class TokenRefused extends Error {
  readonly reason: RefusalReason;
  /** The name of the claim at fault, never its value. */
  readonly claim: string | undefined;

  constructor(reason: RefusalReason, claim?: string) {
    super(claim === undefined ? reason : `${reason}: ${claim}`);
    this.name = 'TokenRefused';
    this.reason = reason;
    this.claim = claim;
  }
}

/** The issuer's keys are not available, so the token cannot be judged: worth another attempt. */
export class KeysUnavailable extends Error {
  readonly reason = 'keys_unavailable';

  constructor() {
    super('the keys of the token issuer could not be fetched');
    this.name = 'KeysUnavailable';
  }
}
