import type { NextSend } from './plan-next-send.ts';

/** "niveau 1: 2026-06-01T07:00:00.000Z -> niveau 1: 2026-06-08T07:00:00.000Z". */
export const describeChange = (before: NextSend, after: NextSend): string =>
  `${describe(before)} -> ${describe(after)}`;

function describe({ prochainNiveau, prochaineAt }: NextSend): string {
  if (prochainNiveau === 0) return 'rien';
  return `niveau ${prochainNiveau}: ${prochaineAt?.toISOString() ?? 'jusqu’à nouvel ordre'}`;
}
