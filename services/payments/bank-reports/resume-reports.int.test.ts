import { openDb } from '@crm/db';
import type { Logger } from '@crm/kit';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import { resumeReports } from './resume-reports.ts';

const db = openDb(process.env.DATABASE_URL!, 3);
afterAll(() => db.$disconnect());
const lines: { rapportId?: string; againMs?: number }[] = [];
const log = { info() {}, error: (line: object) => lines.push(line) } as unknown as Logger;
const { signal } = new AbortController();

/** A report that was read to its end, and whose import died a while ago. */
async function died(endToEndId: string): Promise<string> {
  const id = v7();
  await db.bankReport.create({ data: { id, nomFichier: `${id}.xml`, statut: 'EN_COURS', auteur: 'test' } });
  const line = { ligne: 1, portee: 'attempt', etat: 'TRANSACTION_ENCAISSEE', motifRejet: '', reference: '' };
  await db.reportTransaction.create({ data: { reportId: id, rang: 1, endToEndId, ...line } });
  await longAgo(id);
  return id;
}
const longAgo = (id: string) =>
  db.$executeRaw`UPDATE payments.bank_reports SET updated_at = now() - interval '1 hour' WHERE id = ${id}`;

test('reports that cannot be applied keep no other back, say why, and are completed once they can be', async () => {
  const stuckId = `STUCK${v7().slice(-12)}`;
  await db.$executeRawUnsafe(`CREATE FUNCTION payments.stick_applied() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.end_to_end_id = '${stuckId}' THEN RAISE EXCEPTION 'stuck'; END IF; RETURN NEW; END $$`);
  await db.$executeRawUnsafe(`CREATE TRIGGER stick_applied BEFORE UPDATE ON payments.report_transactions
    FOR EACH ROW EXECUTE FUNCTION payments.stick_applied()`);
  const resume = resumeReports(db, log);
  const reportOf = (id: string) => db.bankReport.findUniqueOrThrow({ where: { id } });
  try {
    // more than one look handles
    const stuck = [];
    for (let count = 0; count < 12; count += 1) stuck.push(await died(stuckId));
    const fine = await died('ANOTHER');
    for (let turn = 0; turn < 3; turn += 1) await resume(signal);
    expect(await reportOf(fine)).toMatchObject({ statut: 'IMPORTE', inconnus: 1 });
    const failed = await reportOf(stuck[0]!);
    expect(failed.statut).toBe('EN_COURS');
    expect(failed.motif).toContain('could not be applied yet');
    expect(lines.filter(({ rapportId }) => rapportId === failed.id).length).toBeLessThanOrEqual(1);

    await db.$executeRawUnsafe('DROP FUNCTION payments.stick_applied() CASCADE');
    await longAgo(stuck[0]!);
    for (let turn = 0; turn < 100 && (await reportOf(stuck[0]!)).statut !== 'IMPORTE'; turn += 1) {
      await resume(signal);
      await delay(500);
    }
    expect(await reportOf(stuck[0]!)).toMatchObject({ statut: 'IMPORTE', motif: '' });
  } finally {
    await db.$executeRawUnsafe('DROP FUNCTION IF EXISTS payments.stick_applied() CASCADE');
  }
}, 90_000);
