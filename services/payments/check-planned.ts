import type { Db } from '@crm/db';
import { assertKnown, type Organisations, type Sought } from '@crm/domain';
import { failedPrecondition, notFound, orUndefined, type Call, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';
import type { CreatePaymentRequest } from '@crm/proto/payments/payments';
import { organisationsWithSociete, type Societes } from './creditors/organisations-with-societe.ts';
import { checkComplete, creditorsOf, type CreditorDeps } from './creditors/presented-creditors.ts';

/** Whom payments ask before they are planned. */
type Directory = {
  organisations: Organisations;
  societes: Societes;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>;
};

/** What is asked with. */
export type Planning = CreditorDeps & {
  db: Db;
  directory: Directory;
};

type Referring = Partial<
  Pick<CreatePaymentRequest, 'clientId' | 'contratId' | 'invoiceId' | 'mandatId' | 'organisationId'>
>;

/**
 * Checks the client, contract, invoice and mandate of what is planned, in an organisation that was set up.
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
  await assertKnown(organisations, call, organisationId || 'default', sought);
}

const mandatOf = (db: Db) => async (where: { id: string }) => {
  const mandat = await db.mandate.findUnique({ where });
  if (!mandat) throw notFound('mandat', where.id);
  return mandat;
};

/**
 * Checks that somebody collects what is planned by a mandate: an organisation with a société of its own needs a creditor
 * of its own. One without either may have the environment's, also one that is set later.
 * @throws {RpcError} FAILED_PRECONDITION CREANCIER; UNAVAILABLE: organisations cannot be asked
 */
export async function checkCollected(
  { db, directory: { societes }, ...creditorDeps }: Planning,
  { organisationId, mandatId }: Referring,
  call: Call,
): Promise<void> {
  // what an event has planned is planned: Emit says that nobody collects it
  if (!mandatId || call.caller.service || (await call.isRepeat())) return;
  const ids = [organisationId || 'default'];
  const withSociete = await organisationsWithSociete(db, societes, ids);
  if (withSociete.size > 0) checkComplete(await creditorsOf(db, ids, creditorDeps, withSociete), ids);
}

/**
 * How much a payment is above what is left of its invoice, cents. An invoice that nobody knows sets no limit.
 * @throws {RpcError} FAILED_PRECONDITION DEPASSEMENT where it is above, and that was not asked for; UNAVAILABLE:
 * factures cannot be asked
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
