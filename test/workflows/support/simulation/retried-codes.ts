import { ClasseRejet } from '@crm/proto/referentiel/referentiel';

/**
 * The reason codes that may be presented again, as in `referentiel.motifs_rejet`, for tests without a database.
 * `test/e2e/referentiel.test.ts` compares them.
 */
export const RETRIED_CODES: Record<string, ClasseRejet> = {
  AM04: ClasseRejet.REESSAI,
  MS03: ClasseRejet.REESSAI_SUR_OPTION,
};

/** The class of a code. */
export const classeOf = async (code: string): Promise<ClasseRejet> =>
  RETRIED_CODES[code] ?? ClasseRejet.ARRET;
