import type { Connected } from '@crm/kit';
import type { EnvoiPrevu, RelanceServiceService } from '@crm/proto/relance/relance';
import type { Changes } from './migrate-follow-ups.ts';
import { local } from './words.ts';

type Relances = Pick<Connected<typeof RelanceServiceService>, 'previewMigration' | 'migrer'>;
type Which = { organisationId: string; id: string; regleId: string; motif: string };

/** What reminders would become by other rules, a page at a time. */
export const reminderChanges =
  (relances: Relances, { motif, regleId, ...which }: Which) =>
  async (pageToken: string): Promise<Changes> => {
    const { migrations, nextPageToken } = await relances.previewMigration({ ...which, regleId, pageToken });
    const changes = migrations.map(({ relanceId: id, invoiceId, avant, apres, changee, obstacle }) => ({
      of: `facture ${invoiceId}`,
      before: describe(avant),
      after: describe(apres),
      isChanged: changee,
      obstacle,
      move: () => relances.migrer({ id, regleId, motif }),
    }));
    return { changes, nextPageToken };
  };

/** "niveau 1 (rappel) 2026-06-01 09:00, niveau 2 (relance) 2026-06-22 09:00". */
function describe(envois: EnvoiPrevu[]): string {
  const words = envois.map(
    ({ niveau, modele, datePrevue }) =>
      `niveau ${niveau} (${modele}) ${datePrevue ? local(datePrevue) : 'à la reprise'}`,
  );
  return words.join(', ') || 'fin des relances';
}
