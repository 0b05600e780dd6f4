import { assertKnown, type Organisations, type Sought } from '@crm/domain';
import { type Call, type Connected, organisationOrDefault } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { ContratServiceService } from '@crm/proto/contrats/contrats';
import { TypeEntite } from '@crm/proto/documents/documents';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { PaymentServiceService } from '@crm/proto/payments/payments';

/** The services that documents asks whether references exist. */
export type Register = {
  organisations: Organisations;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>;
  payments: Pick<Connected<typeof PaymentServiceService>, 'get'>;
};

/**
 * Checks that the entity of a file exists, if the organisation was set up in Suivi. Entities of type AUTRE
 * cannot be checked.
 * @throws {RpcError} as `assertKnown`
 */
export async function checkEntite(
  { organisations, clients, contrats, factures, payments }: Register,
  {
    organisationId,
    typeEntite,
    entiteId: id,
  }: { organisationId: string; typeEntite: TypeEntite; entiteId: string },
  call: Call,
): Promise<void> {
  const kinds: Partial<Record<TypeEntite, Pick<Sought, 'entity' | 'get'>>> = {
    [TypeEntite.CLIENT]: { entity: 'client', get: clients.get },
    [TypeEntite.CONTRAT]: { entity: 'contrat', get: contrats.get },
    [TypeEntite.FACTURE]: { entity: 'facture', get: factures.get },
    [TypeEntite.PAIEMENT]: { entity: 'paiement', get: payments.get },
  };
  const kind = kinds[typeEntite];
  if (kind)
    await assertKnown(organisations, call, organisationOrDefault(organisationId), [
      { field: 'entiteId', id, ...kind },
    ]);
}
