import type { Db } from '@crm/db';
import { assertKnown, type Organisations, type Societes, type Sought } from '@crm/domain';
import {
  failedPrecondition,
  notFound,
  orUndefined,
  type Call,
  type Connected,
  organisationOrDefault,
} from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';
import type { CreatePaymentRequest } from '@crm/proto/payments/payments';
import { organisationsWithSociete } from './creditors/organisations-with-societe.ts';
import { checkComplete, creditorsOf, type CreditorDeps } from './creditors/presented-creditors.ts';

/** The services that payments ask before they plan something. */
type Directory = {
  organisations: Organisations;
  societes: Societes;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>;
};

/** What the checks need. */
export type Planning = CreditorDeps & {
  db: Db;
  directory: Directory;
};

type Referring = Partial<
  Pick<CreatePaymentRequest, 'clientId' | 'contratId' | 'invoiceId' | 'mandatId' | 'organisationId'>
>;

/**
 * Checks that the client, contract, invoice and mandate exist, if the organisation was set up in Suivi.
 * @throws {RpcError} as `assertKnown`
 */
export async function checkReferences(
  { db, directory: { organisations, clients, contrats, factures } }: Pick<Planning, 'db' | 'directory'>,
  { organisationId, clientId = '', contratId = '', invoiceId = '', mandatId = '' }: Referring,
  call: Call,
): Promise<void> {
  const sought: Sought[] = [
    { field: 'clientId', entity: 'client', id: clientId, get: clients.get },
    { field: 'contratId', entity: 'contrat', id: contratId, get: contrats.get },
    { field: 'invoiceId', entity: 'facture', id: invoiceId, get: factures.get },
    { field: 'mandatId', entity: 'mandat', id: mandatId, get: mandatOf(db) },
  ];
  await assertKnown(organisations, call, organisationOrDefault(organisationId), sought);
}

const mandatOf = (db: Db) => async (where: { id: string }) => {
  const mandat = await db.mandate.findUnique({ where });
  if (!mandat) throw notFound('mandat', where.id);
  return mandat;
};

/**
 * Checks that somebody collects what a mandate debits: an organisation with a société needs a creditor of its
 * own. An organisation without a société may use the platform's creditor, even if that is configured only
 * later.
 * @throws {RpcError} FAILED_PRECONDITION CREANCIER; UNAVAILABLE if organisations does not answer
 */
export async function checkCollected(
  { db, directory: { societes }, ...creditorDeps }: Planning,
  { organisationId, mandatId }: Referring,
  call: Call,
): Promise<void> {
  // an event must not fail here: Emit refuses later if nobody collects
  if (!mandatId || call.caller.service || (await call.isRepeat())) return;
  const ids = [organisationOrDefault(organisationId)];
  const withSociete = await organisationsWithSociete(db, societes, ids);
  if (withSociete.size > 0) checkComplete(await creditorsOf(db, ids, creditorDeps, withSociete), ids);
}

/**
 * By how much a payment exceeds what is left of its invoice, in cents. An unknown invoice sets no limit.
 * @throws {RpcError} FAILED_PRECONDITION DEPASSEMENT if it exceeds it and the caller did not allow that;
 *   UNAVAILABLE if factures does not answer
 */
export async function depassementOf(
  { directory: { factures } }: Pick<Planning, 'directory'>,
  { invoiceId, montant, accepteDepassement }: CreatePaymentRequest,
): Promise<bigint> {
  const invoice = invoiceId ? await orUndefined(factures.get({ id: invoiceId })) : undefined;
  if (!invoice || montant <= invoice.restantDu) return 0n;
  if (!accepteDepassement) throw failedPrecondition('DEPASSEMENT', tooMuch(montant, invoice));
  return montant - invoice.restantDu;
}

const tooMuch = (montant: bigint, { numero, restantDu }: Invoice): string =>
  `montant: ${montant} cents, and ${restantDu} are left of invoice ${numero}; say accepteDepassement where it is meant`;
