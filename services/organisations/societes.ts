import type { Db } from '@crm/db';
import { entity, invalid, type Methods } from '@crm/kit';
import { Societe, type SocieteServiceService } from '@crm/proto/organisations/organisations';
import { isSiren } from './is-siren.ts';

/** The legal persons behind organisations. */
export function societes(db: Db): Methods<typeof SocieteServiceService> {
  const societe = entity(db, {
    model: 'societe',
    plural: 'societes',
    message: Societe,
    defaults: { organisationId: 'default' },
  });
  return {
    ...societe,
    async create(request, call) {
      checkSiren(request);
      return await societe.create(request, call);
    },
    async update(request, call) {
      checkSiren(request);
      return await societe.update(request, call);
    },
  };
}

function checkSiren({ siren }: { siren?: string | undefined }): void {
  if (siren && !isSiren(siren)) throw invalid('siren', 'must be 9 digits whose Luhn sum is right');
}
