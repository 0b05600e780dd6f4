import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { EcheanceAgendaSchema, GenreEcheance } from '../../gen/proto/relance/agenda_pb.ts';
import { groupByDay, matches } from './group-by-day.ts';

type Given = { at?: string; genre?: GenreEcheance; montant?: bigint } & Partial<
  Record<'condition' | 'clientId' | 'libelle' | 'attente', string>
> & { enRetard?: boolean };

const entry = ({ at, ...given }: Given) =>
  create(EcheanceAgendaSchema, { ...given, ...(at && { datePrevue: timestampFromDate(new Date(at)) }) });

test('by the day in Paris: what is late first, what has no date last', () => {
  const days = groupByDay(
    [
      entry({ at: '2026-11-28T23:30:00Z' }),
      entry({}),
      entry({ at: '2026-11-28T08:00:00Z', enRetard: true }),
      entry({ at: '2026-11-20T08:00:00Z', enRetard: true }),
    ],
    '2026-11-28',
  );
  expect(days.map(({ jour }) => jour)).toEqual(['retard', '2026-11-28', '2026-11-29', '']);
});

test('a retry that is made only if the debit is rejected is not collected as well', () => {
  const debit = { at: '2026-12-01T00:00:00Z', montant: 12_000n };
  const [day] = groupByDay(
    [
      entry({ ...debit, genre: GenreEcheance.PRELEVEMENT }),
      entry({ ...debit, genre: GenreEcheance.REESSAI, condition: 'si le prélèvement est rejeté' }),
      entry({ ...debit, genre: GenreEcheance.MAIL_RELANCE }),
    ],
    '2026-11-28',
  );
  expect(day!.aPrelever).toBe(12_000n);
});

test.each([
  [{ client: 'elodie' }, true],
  [{ client: 'ÉLODIE' }, true],
  [{ client: 'F-2026-0042' }, true],
  [{ client: 'zoé' }, false],
])('%j: %s', (filters, expected) => {
  const given = entry({
    genre: GenreEcheance.PRELEVEMENT,
    montant: 12_000n,
    clientId: 'c',
    libelle: 'Prélèvement de la facture F-2026-0042',
  });
  const isWanted = matches(filters, () => 'Élodie Martin');
  expect(isWanted(given)).toBe(expected);
});
