import { organisationOrDefault } from '@crm/kit';
import type { Call } from '@crm/kit';
import type { EnregistrerFactureRequest, EnregistrerFactureResponse } from '@crm/proto/dashboard/dashboard';

/** Counts an invoice as revenue on its date, once, however often it is reported. */
export function enregistrerFacture(
  { organisationId, invoiceId, montant, dateFacture: jour }: EnregistrerFactureRequest,
  call: Call,
): Promise<EnregistrerFactureResponse> {
  return call.once(
    async (tx) => {
      await tx.factureComptee.createMany({
        data: {
          invoiceId,
          organisationId: organisationOrDefault(organisationId),
          montant,
          jour: new Date(jour),
        },
        skipDuplicates: true,
      });
      return { jour };
    },
    { idOf: (counted) => counted.jour, read: (_, id) => Promise.resolve({ jour: id }) },
  );
}
