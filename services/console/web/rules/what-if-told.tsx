import { useMemo, useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import {
  NatureDifference,
  type DifferenceSimulation,
  type TotalSimulation,
} from '../../gen/proto/relance/simulation_pb.ts';
import { Link } from '@tanstack/react-router';
import { amount, count, day, instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { today } from '../paris-day.ts';
import { Table, type Column, type Sort } from '../ui/table.tsx';
import { DayBars } from './day-bars.tsx';
import type { InvoiceDifference, WhatIf } from './what-if.ts';

const MEASURES = {
  mails: ({ mails }: TotalSimulation) => mails,
  montants: ({ montantRelances }: TotalSimulation) => Number(montantRelances),
  prelevements: ({ montantPrelevements }: TotalSimulation) => Number(montantPrelevements),
};
type Measure = keyof typeof MEASURES;

/** What other rules would do: in a sentence, as a picture, as a table by day, and invoice by invoice. */
export function WhatIfTold({ told, first = 'mails' }: { told: WhatIf; first?: Measure }) {
  const m = useMessages();
  const { bilan, differences, au } = told;
  const [measure, setMeasure] = useState<Measure>(first);
  const before = bilan.totaux?.jours ?? [];
  const after = bilan.totauxCompares?.jours ?? [];
  const write = (value: number) => (measure === 'mails' ? count(value) : amount(BigInt(Math.round(value))));
  const valuesOf = (days: TotalSimulation[]) => new Map(days.map((one) => [one.du, MEASURES[measure](one)]));
  const words = m.regles.simulation;
  const totals = [bilan.totaux?.total, bilan.totauxCompares?.total] as const;
  return (
    <>
      <p role="status">
        {words.resume(count(bilan.factures), bilan.factures, day(au))}{' '}
        <strong>{words.differences(bilan)}</strong>
      </p>
      <dl className="before-after">
        <BeforeAfter name={words.mails} values={totals.map((one) => count(one?.mails ?? 0))} />
        <BeforeAfter name={words.montants} values={totals.map((one) => amount(one?.montantRelances ?? 0n))} />
        <BeforeAfter
          name={words.prelevements}
          values={totals.map((one) => amount(one?.montantPrelevements ?? 0n))}
        />
      </dl>
      <ToggleButtonGroup
        className="segments"
        aria-label={words.mesure}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[measure]}
        onSelectionChange={(keys) => setMeasure([...keys][0] as Measure)}
      >
        {(Object.keys(MEASURES) as Measure[]).map((one) => (
          <ToggleButton key={one} id={one}>
            {words[one]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <DayBars
        label={words.image(words[measure])}
        from={today()}
        to={au}
        write={write}
        rows={[
          { name: words.avant, className: 'before', values: valuesOf(before) },
          { name: words.apres, className: 'after', values: valuesOf(after) },
        ]}
      />
      <details>
        <summary>{words.tableau}</summary>
        <ByDay before={before} after={after} />
      </details>
      {differences.length > 0 && <Differences differences={differences} />}
    </>
  );
}

function BeforeAfter({ name, values: [before, after] }: { name: string; values: string[] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {before === after ? (
          after
        ) : (
          <>
            <span className="quiet">{before}</span> → <strong>{after}</strong>
          </>
        )}
      </dd>
    </div>
  );
}

const hasSomething = (one: TotalSimulation): boolean =>
  Object.values(MEASURES).some((measure) => measure(one) > 0);

type Day = { du: string; avant: TotalSimulation | undefined; apres: TotalSimulation | undefined };

/** Nothing is a dash: what there is stands out. */
const many = (value = 0): string => (value ? count(value) : '—');
const money = (cents = 0n): string => (cents ? amount(cents) : '—');

function ByDay({ before, after }: { before: TotalSimulation[]; after: TotalSimulation[] }) {
  const m = useMessages();
  const words = m.regles.simulation;
  const days = useMemo(() => {
    const was = new Map(before.map((one) => [one.du, one]));
    const is = new Map(after.map((one) => [one.du, one]));
    return [...new Set([...was.keys(), ...is.keys()])]
      .sort()
      .map((du): Day => ({ du, avant: was.get(du), apres: is.get(du) }))
      .filter(({ avant, apres }) => [avant, apres].some((one) => one && hasSomething(one)));
  }, [before, after]);
  const columns = useMemo((): Column<Day>[] => {
    const number = (id: string, title: string, cell: Column<Day>['cell']) => ({
      id,
      title,
      cell,
      isNumber: true,
    });
    return [
      { id: 'jour', title: words.jour, cell: ({ du }) => day(du) },
      number('mailsAvant', words.mailsAvant, ({ avant }) => many(avant?.mails)),
      number('mailsApres', words.mailsApres, ({ apres }) => many(apres?.mails)),
      number('avant', words.montantsAvant, ({ avant }) => money(avant?.montantRelances)),
      number('apres', words.montantsApres, ({ apres }) => money(apres?.montantRelances)),
      number('debitsAvant', words.prelevementsAvant, ({ avant }) => money(avant?.montantPrelevements)),
      number('debitsApres', words.prelevementsApres, ({ apres }) => money(apres?.montantPrelevements)),
    ];
  }, [words]);
  return (
    <Table
      label={words.tableau}
      columns={columns}
      rows={days}
      idOf={({ du }) => du}
      nameOf={({ du }) => day(du)}
      empty={words.rien}
    />
  );
}

const isEarlier = ({ nature, avant, apres }: DifferenceSimulation): boolean =>
  nature === NatureDifference.DEPLACEE &&
  apres?.datePrevue !== undefined &&
  (avant?.datePrevue === undefined || apres.datePrevue.seconds < avant.datePrevue.seconds);

function Differences({ differences }: { differences: InvoiceDifference[] }) {
  const m = useMessages();
  const words = m.regles.simulation;
  const [sort, setSort] = useState<Sort>({ by: 'facture', desc: false });
  const columns = useMemo((): Column<InvoiceDifference>[] => {
    const nature = ({ difference }: InvoiceDifference): string =>
      difference.nature === NatureDifference.DEPLACEE
        ? isEarlier(difference)
          ? words.plusTot
          : words.plusTard
        : (words.natures[difference.nature] ?? '');
    const when = (one: DifferenceSimulation['avant']) => (one?.datePrevue ? instant(one.datePrevue) : '—');
    const time = (one: DifferenceSimulation['avant']) => Number(one?.datePrevue?.seconds ?? 0n);
    return [
      {
        id: 'facture',
        title: words.facture,
        cell: ({ facture: { invoiceId, numero } }) =>
          invoiceId ? (
            <Link className="link" to="/factures/$id" params={{ id: invoiceId }}>
              {numero}
            </Link>
          ) : (
            '—'
          ),
        sortBy: ({ facture }) => facture.numero,
        width: 130,
      },
      {
        id: 'client',
        title: words.client,
        cell: ({ facture }) => facture.client,
        sortBy: ({ facture }) => facture.client,
      },
      {
        id: 'quoi',
        title: words.quoi,
        cell: ({ difference: { avant, apres } }) => (apres ?? avant)?.libelle ?? '',
        sortBy: ({ difference: { avant, apres } }) => (apres ?? avant)?.libelle ?? '',
        width: 260,
      },
      {
        id: 'nature',
        title: words.nature,
        cell: (row) => <span className="mark">{nature(row)}</span>,
        sortBy: nature,
        width: 110,
      },
      {
        id: 'avant',
        title: words.avant,
        cell: ({ difference }) => when(difference.avant),
        sortBy: ({ difference }) => time(difference.avant),
        width: 190,
      },
      {
        id: 'apres',
        title: words.apres,
        cell: ({ difference }) => when(difference.apres),
        sortBy: ({ difference }) => time(difference.apres),
        width: 190,
      },
    ];
  }, [words]);
  return (
    <>
      <h3>{words.parFacture}</h3>
      <Table
        label={words.parFacture}
        columns={columns}
        rows={differences}
        idOf={({ id }) => id}
        nameOf={({ facture }) => facture.numero}
        sort={sort}
        changeSort={setSort}
        empty={words.rien}
      />
    </>
  );
}
