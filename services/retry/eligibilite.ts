import type { Process } from '@crm/kit';
import { ClasseRejet, MotifRejetServiceService } from '@crm/proto/referentiel/referentiel';
import { Eligibilite } from '@crm/proto/retry/retry';
import type { FullPolitique } from './politique.ts';

/** A reason code as it is looked up. */
export const codeOf = (motifRejet: string): string => motifRejet.trim().toUpperCase();

/** The class of a reason code. */
export type ClasseOf = (code: string) => Promise<ClasseRejet>;

/** The classes of reason codes, which are data of referentiel, asked as the caller; UNAVAILABLE while it is away. */
export function classes(call: Process['call']): ClasseOf {
  const motifs = call('referentiel', MotifRejetServiceService);
  return async (code) => {
    const { classe } = await motifs.get({ code });
    return classe;
  };
}

/** Whether a rejection for a reason is presented again. */
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
