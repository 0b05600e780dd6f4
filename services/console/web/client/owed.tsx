import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { amount, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysBetween, today } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { OpenInvoices } from './use-open-invoices.ts';

const FIRST = 8;

/** The open invoices of a client, the oldest first. */
export function Owed({
  owed,
  look,
}: {
  owed: UseQueryResult<OpenInvoices>;
  look: (invoiceId: string) => void;
}) {
  const m = useMessages();
  const [isWhole, setWhole] = useState(false);
  const { data, error, refetch } = owed;
  const invoices = data?.invoices ?? [];
  return (
    <section className="panel owed" aria-label={m.client.du}>
      <header>
        <h2>{m.client.du}</h2>
        {data && <p className="amount">{amount(data.total)}</p>}
      </header>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Waiting lines={3} />
      ) : invoices.length === 0 ? (
        <p className="empty">{m.client.rienDu}</p>
      ) : (
        <ul className="rows">
          {invoices.slice(0, isWhole ? invoices.length : FIRST).map((one) => (
            <li key={one.id}>
              <div className="row-head">
                <Link className="link" to="/factures/$id" params={{ id: one.id }}>
                  {one.numero}
                </Link>
                <span className="amount">{amount(one.restantDu)}</span>
              </div>
              <div className="row-head">
                <DueDate day={one.dateEcheance} />
                <Button
                  className="button plain tiny"
                  onPress={() => look(one.id)}
                  aria-label={m.client.seulementDe(one.numero)}
                >
                  {m.client.seulement}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {!isWhole && invoices.length > FIRST && (
        <Button className="button plain" onPress={() => setWhole(true)}>
          {m.client.toutes(invoices.length)}
        </Button>
      )}
      {data?.isCut && <p className="quiet">{m.client.coupees(invoices.length)}</p>}
    </section>
  );
}

function DueDate({ day }: { day: string }) {
  const m = useMessages();
  const late = daysBetween(day, today());
  return late > 0 ? (
    <span className="overdue">{m.client.echueDepuis(shortDay(day), late)}</span>
  ) : (
    <span className="quiet">{m.client.echeance(shortDay(day))}</span>
  );
}
