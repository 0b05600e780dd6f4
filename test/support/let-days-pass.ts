import type { Stack } from './stack.ts';

/** Makes a hold as old as if it had been created some days earlier: its promised days come sooner. */
export async function letDaysPass(stack: Pick<Stack, 'sql'>, id: string, days: number): Promise<void> {
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
