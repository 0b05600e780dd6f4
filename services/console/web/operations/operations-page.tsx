import '../style/operations.css';
import { useQuery } from '@connectrpc/connect-query';
import { OpsService } from '../../gen/proto/ops/ops_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { Causes } from './causes.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { LOOK_EVERY_MS } from './look-every-ms.ts';
import { StatusBoard } from './status-board.tsx';

/** What operators see at a glance, and what they decide about what has failed. */
export function OperationsPage() {
  const m = useMessages();
  useTitle(m.exploitation.titre);
  const status = useQuery(OpsService.method.getStatus, {}, { refetchInterval: LOOK_EVERY_MS });
  return (
    <div className="operations">
      {status.error && !status.data ? (
        <Failure error={status.error} retry={status.refetch} />
      ) : status.data ? (
        <StatusBoard status={status.data} isOld={status.error !== null} />
      ) : (
        <Waiting lines={10} />
      )}
      <Causes />
      <DeadLetters />
    </div>
  );
}
