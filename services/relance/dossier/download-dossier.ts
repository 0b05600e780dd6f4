import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import type { RelanceServiceService } from '@crm/proto/relance/relance';
import { readDossier, type DossierSources } from './read-dossier.ts';
import { zipDossier } from './zip-dossier.ts';

/** No deadline of its own: each call that it makes has one, so a service that hangs ends it. */
export const downloadDossier = (
  db: Db,
  sources: DossierSources,
): Methods<typeof RelanceServiceService>['downloadDossier'] =>
  async function* ({ invoiceId }) {
    const dossier = await readDossier(db, sources, invoiceId);
    for await (const contenu of zipDossier(sources, dossier)) yield { contenu };
  };
