import { addDays, startOfDay, todayInParis } from '@crm/domain';
import { invalidFields, type FieldFault } from '@crm/kit';
import type { PolitiqueSimulee, SimulateRequest } from '@crm/proto/relance/simulation';
import type { Politique } from '@crm/proto/retry/retry';
import { Temporal } from 'temporal-polyfill';
import type { Level } from '../due-at.ts';
import { readLevels } from '../read-levels.ts';

const DEFAULT_DAYS = 90;
const MOST_YEARS = 5;

/** Rules to suppose; what is left out is as it is. */
export type Policy = { niveaux?: Level[] | undefined; reessais?: Politique | undefined };

/** What a request asks for, checked. */
export type Asked = {
  now: Date;
  /** The last day, YYYY-MM-DD, and the instant at which it ends. */
  au: string;
  until: Date;
  policies: [Policy, ...Policy[]];
  motifRejet: string;
  encaisses: boolean;
  /** Reminders that begin are adopted now. */
  reprend: boolean;
};

/** @throws {RpcError} INVALID_ARGUMENT, naming all fields at fault */
export function readRequest(request: SimulateRequest): Asked {
  const faults: FieldFault[] = [];
  const { facture, organisationId, clientId, factureSupposee, politique, comparee } = request;
  if (!facture && !organisationId && !factureSupposee) {
    const description = 'say an invoice, or an organisation (organisationId), or factureSupposee';
    faults.push({ field: 'facture', description });
  }
  if (facture && factureSupposee) faults.push({ field: 'factureSupposee', description: 'excludes facture' });
  if (clientId && (facture || factureSupposee || !organisationId))
    faults.push({ field: 'clientId', description: 'is only for all invoices of an organisationId' });
  if (factureSupposee?.dateEcheance && factureSupposee.dateEcheance < factureSupposee.dateFacture) {
    const description = `must not be before dateFacture, ${factureSupposee.dateFacture}`;
    faults.push({ field: 'factureSupposee.dateEcheance', description });
  }
  if (request.aReprendre && (facture || factureSupposee || !organisationId))
    faults.push({ field: 'aReprendre', description: 'is only for all invoices of an organisationId' });
  const today = todayInParis();
  const au = request.au || addDays(today, DEFAULT_DAYS);
  const latest = Temporal.PlainDate.from(today).add({ years: MOST_YEARS }).toString();
  if (au < today || au > latest)
    faults.push({ field: 'au', description: `must be from ${today} to ${latest}` });
  const policies: Policy[] = [
    readPolicy('politique', politique, faults),
    ...(comparee ? [readPolicy('comparee', comparee, faults)] : []),
  ];
  if (faults.length > 0) throw invalidFields(faults);
  return {
    ...{ now: new Date(), au, until: startOfDay(addDays(au, 1)), motifRejet: request.motifRejet },
    ...{
      policies: policies as Asked['policies'],
      reprend: request.aReprendre,
      encaisses: request.prelevementsEncaisses,
    },
  };
}

/** Adds what is wrong to the faults, by its field. */
function readPolicy(field: string, given: PolitiqueSimulee | undefined, faults: FieldFault[]): Policy {
  if (!given) return {};
  const niveaux = readLevels(`${field}.niveaux`, given.niveaux, faults);
  const { reessais } = given;
  const days = reessais?.delaisJours ?? [];
  if (days.some((one, index) => index > 0 && one <= days[index - 1]!))
    faults.push({ field: `${field}.reessais.delaisJours`, description: 'must ascend' });
  return {
    ...(niveaux.length > 0 && { niveaux }),
    ...(reessais && { reessais }),
  };
}
