import { useState } from 'react';
import { Button } from 'react-aria-components';
import { amount, weekday } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { today } from '../paris-day.ts';
import { AgendaEntry } from './agenda-entry.tsx';
import type { DayOfAgenda } from './group-by-day.ts';

/** How many lines of a day are shown at first. */
const LINES = 50;

/** The days of the agenda, one below the other. */
export function AgendaList({ days, nameOf }: { days: DayOfAgenda[]; nameOf: (clientId: string) => string }) {
  return (
    <div className="days">
      {days.map((day) => (
        <Day key={day.jour} day={day} nameOf={nameOf} />
      ))}
    </div>
  );
}

function Day({ day, nameOf }: { day: DayOfAgenda; nameOf: (clientId: string) => string }) {
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
          {m.aujourdhui.resume(echeances.length)}
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
