import '../style/today.css';
import { useQuery } from '@connectrpc/connect-query';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { weekday } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { AgendaEntry } from '../today/agenda-entry.tsx';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';

const AT_ONCE = 200;
const FIRST = 6;

/** The reminders, debits, tasks and promises to come of a client, with why. */
export function Coming({ clientId }: { clientId: string }) {
  const m = useMessages();
  const [isWhole, setWhole] = useState(false);
  const { data, error, refetch } = useQuery(RelanceService.method.agenda, { clientId, pageSize: AT_ONCE });
  const all = data?.echeances ?? [];
  const shown = all.slice(0, isWhole ? all.length : FIRST);
  const dayOfLine = (index: number) => {
    const { datePrevue } = shown[index]!;
    return datePrevue ? dayOf(timestampDate(datePrevue)) : '';
  };
  return (
    <section className="panel coming" aria-label={m.client.aVenir}>
      <header>
        <h2>{m.client.aVenir}</h2>
        <p className="quiet">{m.client.aVenirAide}</p>
      </header>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Waiting lines={3} />
      ) : all.length === 0 ? (
        <p className="empty">{m.client.rienAVenir}</p>
      ) : (
        shown.map((echeance, index) => {
          const day = dayOfLine(index);
          return (
            <div
              key={`${echeance.genre}/${echeance.invoiceId}/${echeance.paymentId}/${echeance.tacheId}/${index}`}
            >
              {(index === 0 || dayOfLine(index - 1) !== day) && (
                <h3 className="day-head">{day ? weekday(day) : m.aujourdhui.sansDate}</h3>
              )}
              <AgendaEntry echeance={echeance} client="" isLate={false} />
            </div>
          );
        })
      )}
      {!isWhole && all.length > FIRST && (
        <Button className="button plain" onPress={() => setWhole(true)}>
          {m.client.toutAVenir(all.length)}
        </Button>
      )}
    </section>
  );
}
