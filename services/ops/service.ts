import { connectTo, implement, PORTS, service, type ServiceName } from '@crm/kit';
import { temporalSpec } from '@crm/kit/temporal';
import { BRIDGE, connectNats, STREAM, type NatsConnection } from '@crm/nats';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { HealthCheckResponse_ServingStatus, HealthService } from '@crm/proto/grpc/health/v1/health';
import { OpsServiceService } from '@crm/proto/ops/ops';
import { str } from 'envalid';
import { discardDeadLetters, listDeadLetters, redriveDeadLetters } from './dead-letters.ts';
import { decide } from './decide.ts';
import type { FailedRun } from './failed-runs.ts';
import { listCauses } from './list-causes.ts';
import { listRuns } from './list-runs.ts';
import { namesOf } from './names-of.ts';
import { getStatus } from './status/get-status.ts';
import { platformProbes, streamProbes } from './status/platform-probes.ts';
import { waitingProbes } from './status/waiting-probes.ts';
import { temporalOf } from './temporal.ts';

/** A service that does not say within this time that it serves does not. */
const WITHIN_MS = 3_000;

/** What operators see and decide. It looks at every part, so it is a process of its own that needs none of them to start. */
export default service(
  'ops',
  (process) => {
    const { db, config, auth, addressOf, call, onStop } = process;
    const temporal = temporalOf(process);
    const nats = natsOf(config.NATS_URL, onStop);
    const serving = new Map(
      (Object.keys(PORTS) as ServiceName[]).map((name) => {
        const client = connectTo(HealthService, addressOf(name), () => Promise.resolve(undefined));
        onStop(() => client.close());
        return [name, client];
      }),
    );
    const isServing = async (name: ServiceName) => {
      const { status } = await serving.get(name)!.check({ service: '' }, { deadlineMs: WITHIN_MS });
      return status === HealthCheckResponse_ServingStatus.SERVING;
    };
    const temporalUi = ({ workflowId, runId }: FailedRun) =>
      config.TEMPORAL_UI_URL &&
      `${config.TEMPORAL_UI_URL}/namespaces/${config.TEMPORAL_NAMESPACE}/workflows/${encodeURIComponent(workflowId)}/${runId}`;
    const names = namesOf(call('clients', ClientBaseServiceService), call('factures', InvoiceServiceService));
    return [
      implement(OpsServiceService, {
        getStatus: getStatus([
          ...platformProbes({ db, temporal, nats, auth, smtpUrl: config.SMTP_URL, isServing }),
          ...streamProbes(nats, STREAM, BRIDGE),
          ...waitingProbes(db, temporal),
        ]),
        listCauses: listCauses(temporal),
        listRuns: listRuns(temporal, names, temporalUi),
        redrive: decide(temporal, 'redrive'),
        skip: decide(temporal, 'skip'),
        listDeadLetters: listDeadLetters(db),
        redriveDeadLetters: redriveDeadLetters(db, nats),
        discardDeadLetters: discardDeadLetters(db),
      }),
    ];
  },
  {
    ...temporalSpec,
    NATS_URL: str({
      default: 'nats://127.0.0.1:4222',
      desc: 'NATS, with its login: nats://user:password@host:port',
    }),
    SMTP_URL: str({ default: 'smtp://127.0.0.1:1025', desc: 'The mail server, which the status greets' }),
    TEMPORAL_UI_URL: str({
      default: '',
      desc: 'Where people open the Temporal UI; if omitted: no links to it',
    }),
  },
);

/** A connection that is made when it is first needed, and again after it was refused. */
function natsOf(url: string, onStop: (stop: () => unknown) => void): () => Promise<NatsConnection> {
  let asked: Promise<NatsConnection> | undefined;
  let connection: NatsConnection | undefined;
  // one that is still waited for does not hold up the end
  onStop(() => connection?.drain());
  const connect = async () => {
    try {
      return (connection = await connectNats(url, 'suivi-ops'));
    } catch (error) {
      asked = undefined;
      throw error;
    }
  };
  return () => (asked ??= connect());
}
