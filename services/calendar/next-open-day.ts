import { Temporal } from 'temporal-polyfill';
import { closingReasons, type OpenWhen } from './closing-reasons.ts';

/** An open day, and why the skipped days before it are closed: "2026-07-14 Fête nationale". */
export type OpenDay = { day: Temporal.PlainDate; motifs: string[] };

/** The first open day on or after a day. */
export function nextOpenDay(from: Temporal.PlainDate, when: OpenWhen): OpenDay {
  const motifs: string[] = [];
  for (let day = from; ; day = day.add({ days: 1 })) {
    const reasons = closingReasons(day, when);
    if (reasons.length === 0) return { day, motifs };
    motifs.push(`${day.toString()} ${reasons.join(', ')}`);
  }
}
