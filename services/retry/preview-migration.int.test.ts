import { countingDb } from '@crm/db/testing/counting-db';
import { ownOrganisations } from '@crm/db/testing/own-organisations';
import type { Call } from '@crm/kit';
import { ClasseRejet } from '@crm/proto/referentiel/referentiel';
import {
  Eligibilite,
  PreviewRetryMigrationRequest,
  StatutRetry,
  StatutTentative,
} from '@crm/proto/retry/retry';
import { v7 } from 'uuid';
import { DEFAULT_POLITIQUE } from './politique.ts';
import { previewMigration } from './preview-migration.ts';

const { db, newOrganisation } = ownOrganisations(async (db, where) => {
  const ids = (await db.retrySchedule.findMany({ where })).map(({ id }) => id);
  await db.retryAttempt.deleteMany({ where: { scheduleId: { in: ids } } });
  await db.retrySchedule.deleteMany({ where });
  await db.retryPolicy.deleteMany({ where });
});

const REJECTED = new Date('2090-03-02T10:00:00Z');
/** A different instant for each schedule, so that the result shows whose attempts are listed. */
const plannedAt = (schedule: number, numero: number): Date => new Date(Date.UTC(2090, 2, numero, schedule));

/** Retries of an organisation with its own policy. */
async function retriesOf(count: number): Promise<string> {
  const organisationId = newOrganisation();
  const politique = { ...DEFAULT_POLITIQUE, delaisJours: [7, 14] };
  await db.retryPolicy.create({ data: { id: v7(), organisationId, nom: 'P', politique } });
  for (let n = 0; n < count; n++) {
    const [id, paymentId] = [v7(), v7()];
    const rejet = { motifRejet: 'AM04', dateRejet: REJECTED, rejeteAt: REJECTED };
    const of = { organisationId, clientId: String(n), invoiceId: '', montant: 100n };
    const state = { eligibilite: Eligibilite.ELIGIBLE, statut: StatutRetry.PLANIFIE };
    await db.retrySchedule.create({
      data: { id, paymentId, ...of, ...rejet, ...state, politique: DEFAULT_POLITIQUE },
    });
    await db.retryAttempt.createMany({
      data: [StatutTentative.REJETEE, StatutTentative.PREVUE, StatutTentative.PREVUE].map((statut, i) => ({
        ...{ id: v7(), scheduleId: id, paymentId, statut },
        ...{ numero: i + 1, datePrevue: plannedAt(n, i + 1) },
      })),
    });
  }
  return organisationId;
}

/** The answer for a page, and the number of calls to the database, referentiel and the calendar for it. */
async function preview(organisationId: string) {
  const asked = { database: 0, referentiel: 0, calendar: 0, factures: 0, clients: 0 };
  const deps = {
    db: countingDb(db, asked),
    classeOf: async () => {
      asked.referentiel += 1;
      return ClasseRejet.REESSAI;
    },
    openDays: async () => {
      asked.calendar += 1;
      return (day: string) => day;
    },
  };
  const request = PreviewRetryMigrationRequest.fromPartial({ organisationId, pageSize: 200 });
  const sources = {
    factures: { list: () => ((asked.factures += 1), Promise.resolve({ invoices: [], nextPageToken: '' })) },
    clients: { list: () => ((asked.clients += 1), Promise.resolve({ clients: [], nextPageToken: '' })) },
  };
  const { migrations } = await previewMigration(deps, sources)(request, {} as Call);
  return { asked, migrations };
}

test('a page is read at once, however many retries it has', async () => {
  const few = await preview(await retriesOf(1));
  const many = await preview(await retriesOf(20));
  expect(many.asked).toEqual(few.asked);
  expect(many.migrations).toHaveLength(20);
  for (const [index, { avant, apres, changee, obstacle }] of many.migrations.entries()) {
    expect({ changee, obstacle }).toEqual({ changee: true, obstacle: '' });
    // newest first
    expect(avant).toEqual([2, 3].map((numero) => ({ numero, datePrevue: plannedAt(19 - index, numero) })));
    expect(apres.map(({ numero }) => numero)).toEqual([1, 2]);
  }
});
