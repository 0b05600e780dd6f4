import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import type { ChiffresServiceService } from '@crm/proto/dashboard/chiffres';
import { getActivite } from './get-activite.ts';
import { getBalanceAgee } from './get-balance-agee.ts';
import { getDso } from './get-dso.ts';
import { getEncaissementsPrevus } from './get-encaissements-prevus.ts';
import { getRejets } from './get-rejets.ts';
import { getRendements } from './get-rendements.ts';

/** The figures. Each answer knows all that was committed before it was asked for. */
export function chiffres(db: Db, upToDate: () => Promise<Date>): Methods<typeof ChiffresServiceService> {
  const then =
    <Request, Answer>(answer: (db: Db, request: Request, aJourAt: Date) => Promise<Answer>) =>
    async (request: Request) =>
      answer(db, request, await upToDate());
  return {
    getBalanceAgee: then(getBalanceAgee),
    getDso: then(getDso),
    getActivite: then(getActivite),
    getRejets: then(getRejets),
    getRendements: then(getRendements),
    getEncaissementsPrevus: then(getEncaissementsPrevus),
  };
}
