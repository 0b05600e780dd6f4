import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { JourAgenda } from '../../gen/proto/relance/agenda_pb.ts';
import { amount, weekday } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { today } from '../paris-day.ts';
import { AgendaEntry } from './agenda-entry.tsx';
import type { DayOfAgenda } from './group-by-day.ts';

/** How many lines of a day are shown at first. */
const LINES = 50;

/** The days of the agenda, one below the other. */
export function AgendaList({
  days,
  nameOf,
  counts,
}: {
  days: DayOfAgenda[];
  nameOf: (clientId: string) => string;
  /** How many there are by day and kind, read or not. Empty: only what is read counts. */
  counts: JourAgenda[];
}) {
  return (
    <div className="days">
      {days.map((day) => (
        <Day key={day.jour} day={day} nameOf={nameOf} total={totalOf(day.jour, counts)} />
      ))}
    </div>
  );
}

/** How many entries a day has, late ones apart. */
function totalOf(jour: string, counts: JourAgenda[]): number {
  const isLate = jour === 'retard';
  return counts
    .filter((one) => one.jour === (isLate ? today() : jour))
    .reduce((sum, { nombre, enRetard }) => sum + (isLate ? enRetard : nombre), 0);
}

type DayProps = { day: DayOfAgenda; nameOf: (clientId: string) => string; total: number };

function Day({ day, nameOf, total }: DayProps) {
  const m = useMessages();
  const [shown, setShown] = useState(LINES);
  const { jour, echeances, aPrelever } = day;
  const isLate = jour === 'retard';
  const hidden = echeances.length - shown;
  return (
    <section className={isLate ? 'day late' : 'day'} aria-label={title(jour, m)}>
      <header>
        <h3>{title(jour, m)}</h3>
        <p className="quiet">
          {m.aujourdhui.resume(Math.max(total, echeances.length))}
          {aPrelever > 0n && ` · ${m.aujourdhui.prelever(amount(aPrelever))}`}
        </p>
      </header>
      {echeances.slice(0, shown).map((echeance, index) => (
        <AgendaEntry
          key={`${echeance.genre}/${echeance.invoiceId || echeance.paymentId || echeance.tacheId || echeance.clientId}/${echeance.numero}/${index}`}
          echeance={echeance}
          client={nameOf(echeance.clientId)}
          isLate={isLate}
        />
      ))}
      {hidden > 0 && (
        <Button className="button plain" onPress={() => setShown(shown + 500)}>
          {m.aujourdhui.afficher(hidden)}
        </Button>
      )}
    </section>
  );
}

function title(jour: string, m: ReturnType<typeof useMessages>): string {
  if (jour === 'retard') return m.aujourdhui.enRetardJour;
  if (!jour) return m.aujourdhui.sansDate;
  return jour === today() ? `${m.aujourdhui.titre}, ${weekday(jour)}` : weekday(jour);
}
