import type { Process } from '@crm/kit';
import { ClasseRejet, MotifRejetServiceService } from '@crm/proto/referentiel/referentiel';
import { Eligibilite } from '@crm/proto/retry/retry';
import type { FullPolitique } from './politique.ts';

/** A reason code without spaces, in upper case: as referentiel stores it. */
export const codeOf = (motifRejet: string): string => motifRejet.trim().toUpperCase();

/** Looks up the class of a reason code. */
export type ClasseOf = (code: string) => Promise<ClasseRejet>;

/**
 * Asks referentiel for the class of a reason code, as the caller. The classes are rows of `referentiel.motifs_rejet`.
 * @throws {RpcError} UNAVAILABLE while referentiel is away
 */
export function classes(call: Process['call']): ClasseOf {
  const motifs = call('referentiel', MotifRejetServiceService);
  return async (code) => {
    const { classe } = await motifs.get({ code });
    return classe;
  };
}

/**
 * Decides whether a payment that was rejected for a reason is presented again: codes of the class REESSAI (AM04)
 * always, those of REESSAI_SUR_OPTION if the policy lists them. What else prevents it (paid, revoked, blocked) is
 * read before each attempt: services/domain/payment-truth.ts.
 */
export function eligibiliteOf(
  classe: ClasseRejet,
  code: string,
  { codesSupplementaires }: FullPolitique,
): Eligibilite {
  const optedIn = classe === ClasseRejet.REESSAI_SUR_OPTION && codesSupplementaires.includes(code);
  return classe === ClasseRejet.REESSAI || optedIn
    ? Eligibilite.ELIGIBLE
    : Eligibilite.NOT_ELIGIBLE_REASON_CODE;
}
