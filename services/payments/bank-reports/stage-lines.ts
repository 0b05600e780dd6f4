import type { Db } from '@crm/db';
import { maskIbans } from './mask-ibans.ts';
import { isOwnId } from '../debits/own-id.ts';
import { MAX_TEXT, type ReadLine } from './read-report.ts';

const BATCH = 1_000;

/** A reference for storage. Unless it has our own form, it may contain an account number and is masked. */
const reference = (id: string): string => (isOwnId(id) ? id : maskIbans(id, MAX_TEXT));
const text = (value: string): string => maskIbans(value, MAX_TEXT);

/** Stores the lines of a report while it is read. Only one batch is in memory at a time. */
export async function stageLines(db: Db, reportId: string, read: AsyncIterable<ReadLine[]>): Promise<void> {
  let rang = 0;
  let batch: ReadLine[] = [];
  const write = async () => {
    const rows = batch.map((line) => ({
      ...line,
      rang: ++rang,
      ...{ endToEndId: reference(line.endToEndId), instrId: reference(line.instrId), rum: text(line.rum) },
      ...{ blocId: reference(line.blocId), messageId: reference(line.messageId) },
      ...{ reference: text(line.reference), motifRejet: text(line.motifRejet), motif: text(line.motif) },
    }));
    batch = [];
    await db.$executeRaw`
      INSERT INTO payments.report_transactions (report_id, rang, ligne, groupe, portee, end_to_end_id, instr_id, rum,
        bloc_id, message_id, reference, etat, motif, motif_rejet, survenu_at, montant, montant_net, devise, frais, sens,
        extourne, nombre, somme)
      SELECT ${reportId}, r.* FROM jsonb_to_recordset(${asJson(rows)}::jsonb) AS r(rang int, ligne int, groupe int,
        portee text, "endToEndId" text, "instrId" text, rum text, "blocId" text, "messageId" text, reference text,
        etat text, motif text, "motifRejet" text, "survenuAt" timestamptz, montant bigint, "montantNet" bigint,
        devise text, frais bigint, sens text, extourne boolean, nombre int, somme bigint)`;
  };
  for await (const some of read) {
    batch.push(...some);
    if (batch.length >= BATCH) await write();
  }
  if (batch.length > 0) await write();
}

const asJson = (rows: object[]): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
