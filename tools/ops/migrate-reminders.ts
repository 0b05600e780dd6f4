import { describeRefusal, local } from './words.ts';
import type { Connected } from '@crm/kit';
import type { EnvoiPrevu, MigrationRelance, RelanceServiceService } from '@crm/proto/relance/relance';
import { IN_FORCE, type Migration } from './follow-ups.ts';

type Relances = Pick<Connected<typeof RelanceServiceService>, 'previewMigration' | 'migrer'>;

/** Says what the reminders of an organisation, or of one invoice, become by other rules; and moves them, if told to. */
export async function migrateReminders(relances: Relances, options: Migration): Promise<void> {
  const { org: organisationId = '', invoice: id = '', toRule, apply, why: motif = '' } = options;
  const regleId = toRule === IN_FORCE ? '' : toRule;
  const counts = { changed: 0, unchanged: 0, refused: 0 };
  const move = async (one: MigrationRelance): Promise<void> => {
    try {
      await relances.migrer({ id: one.relanceId, regleId, motif });
      counts.changed += 1;
    } catch (error) {
      counts.refused += 1;
      console.log(`  ${describeRefusal(error)}`);
    }
  };
  let pageToken = '';
  do {
    const page = await relances.previewMigration({ organisationId, id, regleId, pageToken });
    for (const one of page.migrations) {
      if (one.obstacle) {
        counts.refused += 1;
        console.log(`${one.invoiceId}: ${one.obstacle}`);
      } else if (!one.changee) counts.unchanged += 1;
      else {
        console.log(`${one.invoiceId}: ${describe(one.avant)} -> ${describe(one.apres)}`);
        if (apply) await move(one);
        else counts.changed += 1;
      }
    }
    pageToken = page.nextPageToken;
  } while (pageToken);
  const what = apply ? 'changed' : 'would change';
  console.log(`${counts.changed} ${what}, ${counts.unchanged} unchanged, ${counts.refused} refused`);
  if (!apply && counts.changed > 0) console.log('Nothing was changed. Do it with --apply --why <reason>.');
  if (counts.refused > 0) process.exitCode = 1;
}

/** "niveau 1 (rappel) 2026-06-01 09:00, niveau 2 (relance) 2026-06-22 09:00". */
function describe(envois: EnvoiPrevu[]): string {
  const words = envois.map(
    ({ niveau, modele, datePrevue }) =>
      `niveau ${niveau} (${modele}) ${datePrevue ? local(datePrevue) : 'à la reprise'}`,
  );
  return words.join(', ') || 'fin des relances';
}
