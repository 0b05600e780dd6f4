import type { Db } from '@crm/db';
import { companyFaults, entity, invalidFields, type Methods } from '@crm/kit';
import { Societe, type SocieteServiceService } from '@crm/proto/organisations/organisations';

/** The legal persons behind organisations. */
export function societes(db: Db): Methods<typeof SocieteServiceService> {
  const societe = entity(db, {
    model: 'societe',
    plural: 'societes',
    message: Societe,
    defaults: { organisationId: 'default' },
    async updating(tx, id, { siren, numeroTva }) {
      if (siren === undefined && numeroTva === undefined) return;
      const now = await societe.read(tx, id);
      check({ siren: (siren ?? now.siren) as string, numeroTva: (numeroTva ?? now.numeroTva) as string });
    },
  });
  return {
    ...societe,
    list: ({ organisationIds, ...request }) =>
      societe.listWhere(
        request,
        organisationIds.length ? { AND: { organisationId: { in: organisationIds } } } : {},
      ),
    async create(request, call) {
      check(request);
      return await societe.create(request, call);
    },
  };
}

/** @throws {RpcError} INVALID_ARGUMENT: `siren`, `numeroTva` */
function check(numbers: { siren: string; numeroTva: string }): void {
  const faults = companyFaults(numbers);
  if (faults.length > 0) throw invalidFields(faults);
}
