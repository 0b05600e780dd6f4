import type { Db } from '@crm/db';
import { addDays, assertKnown, formatEuros, startOfDay, todayInParis, type Organisations } from '@crm/domain';
import {
  invalidFields,
  knownOf,
  notFoundFields,
  orUndefined,
  type Call,
  type Connected,
  type FieldFault,
  organisationOrDefault,
} from '@crm/kit';
import type { TacheServiceService } from '@crm/proto/activites/activites';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';
import { GenreAttente, type CreateAttenteRequest } from '@crm/proto/relance/attentes';
import { echeancesColumn } from './attente-rows.ts';
import { concernedInvoices } from './concerned-invoices.ts';
import type { Promised } from './judge-promise.ts';
import type { NextOpenDay } from './next-send-time.ts';
import type { OpenDays } from './open-days.ts';
import { receivedSince, type PaymentSums } from './received-since.ts';

/** The services that know what a hold is about; called with the caller's own token. */
export type AttenteSources = PaymentSums & {
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  organisations: Organisations;
  taches: Pick<Connected<typeof TacheServiceService>, 'get'>;
};

const { PROMESSE, ECHEANCIER, REPONSE, UNSPECIFIED } = GenreAttente;
/** The last day may be this far ahead. */
const MOST_DAYS_OF_PROMISE = 366;
const MOST_DAYS = 5 * 366;
const USUAL_GRACE_DAYS = 2;

/**
 * Checks a hold that a person asks for, and completes it: the client, what is promised by default, from which day each
 * promised payment is late, and when the hold is to be judged.
 * @returns the columns of the new hold
 * @throws {RpcError} NOT_FOUND or INVALID_ARGUMENT, naming every field at fault; UNAVAILABLE: who knows is away
 */
export async function checkAttente(
  db: Db,
  sources: AttenteSources,
  openDays: OpenDays,
  request: CreateAttenteRequest,
  call: Call,
) {
  const genre = request.genre === UNSPECIFIED ? REPONSE : request.genre;
  const invoices = await knownOf(
    request.invoiceIds,
    (page) => sources.factures.list(page),
    (page) => page.invoices,
  );
  const [first] = invoices.values();
  const organisationId = await organisationOf(sources, request, first);
  const clientId = request.clientId || first?.clientId || '';
  const faults = [...faultsOfKind(genre, request), ...faultsOfDays(genre, request)];
  if (!clientId && request.invoiceIds.length === 0)
    faults.push({ field: 'clientId', description: 'say whose reminders to hold back, or invoiceIds' });
  const missing = request.invoiceIds.flatMap((id, index) =>
    invoices.has(id) ? [] : [{ field: `invoiceIds[${index}]`, entity: 'invoice', id }],
  );
  for (const [index, id] of request.invoiceIds.entries()) {
    const description = faultOfInvoice(invoices.get(id), { organisationId, clientId });
    if (description) faults.push({ field: `invoiceIds[${index}]`, description });
  }
  const isPromised = genre === PROMESSE || genre === ECHEANCIER;
  const isWhole = request.invoiceIds.length === 0;
  const about =
    isPromised && isWhole && clientId
      ? await concernedInvoices(db, sources.factures, { organisationId, clientId, invoiceIds: [] })
      : invoices;
  const left = [...about.values()].reduce((sum, { restantDu }) => sum + restantDu, 0n);
  const montant = isPromised ? totalOf(genre, request) || left : 0n;
  if (isPromised && faults.length + missing.length === 0) {
    const field = genre === PROMESSE ? 'montant' : 'echeances';
    if (left === 0n) faults.push({ field: 'clientId', description: 'has no open invoice' });
    else if (montant > left)
      faults.push({ field, description: `is more than what is left to pay, ${formatEuros(left)}` });
  }
  if (missing.length > 0) throw notFoundFields(missing, faults);
  if (faults.length > 0) throw invalidFields(faults);
  await assertKnown(sources.organisations, call, organisationId, [
    // an answer may be of a client that another system has, or that is gone
    ...(isWhole && genre !== REPONSE
      ? [{ field: 'clientId', entity: 'client', id: clientId, get: sources.clients.get }]
      : []),
    { field: 'tacheId', entity: 'tache', id: request.tacheId, get: sources.taches.get },
  ]);
  const graceJours = isPromised ? (request.graceJours ?? USUAL_GRACE_DAYS) : 0;
  const days = openDays(organisationId);
  const echeances: Promised[] = [];
  for (const { date, montant: amount } of promised(genre, request, montant))
    echeances.push({ date, montant: amount, retardLe: await lateFrom(date, graceJours, days) });
  const jusquAu = echeances.at(-1)?.date ?? request.jusquAu;
  const firstDay = echeances[0]?.date ?? jusquAu;
  return {
    ...{ organisationId, clientId, genre, invoiceIds: request.invoiceIds, jusquAu, montant, graceJours },
    echeances: echeancesColumn(echeances),
    recuAvant: isPromised ? await receivedSince(sources, about, todayInParis()) : 0n,
    jugementAt: firstDay ? startOfDay(addDays(firstDay, 1)) : null,
  };
}

/** The organisation whose reminders are held: the named one, else that of the invoice or the client. */
async function organisationOf(
  { clients }: AttenteSources,
  { organisationId, clientId }: CreateAttenteRequest,
  invoice: Invoice | undefined,
): Promise<string> {
  if (organisationId) return organisationId;
  const owner = invoice ?? (clientId ? await orUndefined(clients.get({ id: clientId })) : undefined);
  return organisationOrDefault(owner?.organisationId);
}

function faultsOfKind(
  genre: GenreAttente,
  { jusquAu, montant, echeances, graceJours }: CreateAttenteRequest,
) {
  const faults: FieldFault[] = [];
  const only = (field: string, kinds: string) => faults.push({ field, description: `is for ${kinds} only` });
  if (genre === PROMESSE && !jusquAu) faults.push({ field: 'jusquAu', description: 'say the promised day' });
  if (genre === ECHEANCIER && echeances.length === 0)
    faults.push({ field: 'echeances', description: 'say the instalments' });
  if (genre === ECHEANCIER && jusquAu)
    faults.push({ field: 'jusquAu', description: 'is the day of the last one of echeances: leave it out' });
  if (genre !== PROMESSE && montant) only('montant', 'a PROMESSE');
  if (genre !== ECHEANCIER && echeances.length > 0) only('echeances', 'an ECHEANCIER');
  if (genre !== PROMESSE && genre !== ECHEANCIER && graceJours !== undefined)
    only('graceJours', 'a PROMESSE or an ECHEANCIER');
  return faults;
}

function faultsOfDays(genre: GenreAttente, { jusquAu, echeances }: CreateAttenteRequest): FieldFault[] {
  const today = todayInParis();
  const latest = addDays(today, genre === PROMESSE ? MOST_DAYS_OF_PROMISE : MOST_DAYS);
  const days = [
    ...(jusquAu ? [{ field: 'jusquAu', day: jusquAu, after: '' }] : []),
    ...echeances.map(({ date }, index) => ({
      field: `echeances[${index}].date`,
      day: date,
      after: echeances[index - 1]?.date ?? '',
    })),
  ];
  return days.flatMap(({ field, day, after }) => {
    if (day < today) return [{ field, description: `must not be before today, ${today}` }];
    if (day > latest) return [{ field, description: `must not be after ${latest}` }];
    return day <= after ? [{ field, description: `must be after ${after}` }] : [];
  });
}

function faultOfInvoice(
  invoice: Invoice | undefined,
  { organisationId, clientId }: { organisationId: string; clientId: string },
): string | undefined {
  if (!invoice) return undefined;
  if (invoice.organisationId !== organisationId) return `${invoice.numero} is another organisation's`;
  if (invoice.clientId !== clientId) return `${invoice.numero} is another client's`;
  return invoice.restantDu > 0n ? undefined : `nothing is left to pay of ${invoice.numero}`;
}

const totalOf = (genre: GenreAttente, { montant, echeances }: CreateAttenteRequest): bigint =>
  genre === PROMESSE ? montant : echeances.reduce((sum, one) => sum + one.montant, 0n);

function promised(genre: GenreAttente, { jusquAu, echeances }: CreateAttenteRequest, montant: bigint) {
  if (genre === ECHEANCIER) return echeances;
  return genre === PROMESSE ? [{ date: jusquAu, montant }] : [];
}

/** The first day on which a payment is late: its day and the open days of grace are over. */
async function lateFrom(date: string, graceJours: number, nextOpenDay: NextOpenDay): Promise<string> {
  let last = date;
  for (let left = graceJours; left > 0; left -= 1) last = await nextOpenDay(addDays(last, 1));
  return addDays(last, 1);
}
