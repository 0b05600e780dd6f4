import type { Stack } from './stack.ts';

/**
 * Makes a hold as old as if it had been created some days earlier: its promised days come sooner. The client's reminders
 * that had begun before it become older, too.
 */
export async function letDaysPass(stack: Pick<Stack, 'sql'>, id: string, days: number): Promise<void> {
  await stack.sql(
    `UPDATE relance.relances AS r SET created_at = r.created_at - make_interval(days => $2)
     FROM relance.attentes AS a
     WHERE a.id = $1 AND r.client_id = a.client_id AND r.created_at <= a.created_at`,
    id,
    days,
  );
  await stack.sql(
    `UPDATE relance.attentes SET
       created_at = created_at - make_interval(days => $2),
       jugement_at = jugement_at - make_interval(days => $2),
       jusqu_au = CASE jusqu_au WHEN '' THEN '' ELSE (jusqu_au::date - $2::int)::text END,
       echeances = (
         SELECT coalesce(jsonb_agg(one || jsonb_build_object(
           'date', ((one->>'date')::date - $2::int)::text,
           'retardLe', ((one->>'retardLe')::date - $2::int)::text) ORDER BY rank), '[]')
         FROM jsonb_array_elements(echeances) WITH ORDINALITY AS all_of_them(one, rank))
     WHERE id = $1`,
    id,
    days,
  );
}
