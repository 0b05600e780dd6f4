import { BaseRelance } from '@crm/proto/relance/relance';
import type { Level } from './due-at.ts';
import { firstState } from './first-state.ts';
import { DEFAULT_LEVEL } from './regles-relance.ts';

const LEVELS: Level[] = [
  DEFAULT_LEVEL,
  { ...DEFAULT_LEVEL, niveau: 2, base: BaseRelance.DATE_ECHEANCE, delai: 'P8D', modele: 'relance' },
];
const INVOICE = { dateFacture: '2026-05-15', dateEcheance: '2026-06-14' };
/** Weekends are closed. J+15 is a Saturday and sent on Monday 1 June, the second level on 22 June. */
const nextOpenDay = (date: string) => {
  const day = new Date(date);
  while ([0, 6].includes(day.getUTCDay())) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
};
const adopted = (at: string | undefined) =>
  firstState(LEVELS, INVOICE, at ? new Date(at) : undefined, nextOpenDay);

test.each<[string, string | undefined, string, string[]]>([
  ['not adopted: every level is to come', undefined, 'EN_ATTENTE', ['', '']],
  // due on Saturday, sent on Monday
  ['adopted on Sunday', '2026-05-31T10:00:00Z', 'EN_ATTENTE', ['', '']],
  [
    'adopted when the first level would be sent',
    '2026-06-01T07:00:00Z',
    'EN_ATTENTE',
    ['antérieur à la reprise', ''],
  ],
  ['adopted between the levels', '2026-06-10T10:00:00Z', 'EN_ATTENTE', ['antérieur à la reprise', '']],
  [
    'adopted after the last one',
    '2026-08-01T10:00:00Z',
    'ACHEVEE',
    ['antérieur à la reprise', 'antérieur à la reprise'],
  ],
])('%s', async (_, at, statut, left) => {
  const state = await adopted(at);
  expect(state.statut).toBe(statut);
  expect(state.niveaux.map(({ motifSaut }) => motifSaut)).toEqual(left);
  expect(state.motifFin).toBe(statut === 'ACHEVEE' ? 'tous les niveaux sont antérieurs à la reprise' : '');
});
