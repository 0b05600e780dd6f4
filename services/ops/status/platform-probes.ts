import type { Db } from '@crm/db';
import { fetchJson, PORTS, type AuthConfig, type ServiceName } from '@crm/kit';
import type { NatsConnection } from '@crm/nats';
import { EtatPoint, GroupePoint } from '@crm/proto/ops/ops';
import { EVENTS_QUEUE, FOLLOW_UPS_QUEUE, REMINDERS_QUEUE } from '@crm/workflows/task-queues';
import { createTransport } from 'nodemailer';
import type { Temporal } from '../temporal.ts';
import { countInWords, durationInWords, measured, type Found, type Probe } from './point.ts';

/** A server that needs longer is worth a look. */
const SLOW_S = 1;
/** A worker that asked for work within this time is there; it asks at least once a minute. */
const ASKED_WITHIN_MS = 120_000;
const MAIL_WITHIN_MS = 4_000;

type Needs = {
  db: Db;
  temporal: Temporal;
  nats: () => Promise<NatsConnection>;
  auth: AuthConfig;
  smtpUrl: string;
  /** Whether a service says that it serves. */
  isServing(service: ServiceName): Promise<boolean>;
};

/** The processes and servers, each asked as those who need it ask. */
export function platformProbes({ db, temporal, nats, auth, smtpUrl, isServing }: Needs): Probe[] {
  const server = (cle: string, libelle: string, ask: () => Promise<unknown>): Probe => ({
    ...{ cle, libelle, groupe: GroupePoint.PLATEFORME, away: EtatPoint.ALERTE, look: () => timed(ask) },
  });
  return [
    {
      ...{ cle: 'services', libelle: 'Services gRPC', groupe: GroupePoint.PLATEFORME },
      away: EtatPoint.ALERTE,
      look: () => services(isServing),
    },
    server('postgres', 'PostgreSQL', () => db.$queryRaw`SELECT 1`),
    server('nats', 'NATS', async () => (await nats()).flush()),
    server('temporal', 'Temporal', () =>
      temporal(({ workflowService }) => workflowService.getSystemInfo({})),
    ),
    {
      ...{ cle: 'workers', libelle: 'Workers', groupe: GroupePoint.PLATEFORME, away: EtatPoint.INCONNU },
      look: () => workers(temporal),
    },
    server('mail', 'Serveur de mail', () => greet(smtpUrl)),
    ...(auth.algorithm === 'RS256'
      ? [
          server('identity', 'Service d’identité (Keycloak)', () =>
            fetchJson(`${auth.realmUrl}/.well-known/openid-configuration`, {
              ...{ timeoutMs: MAIL_WITHIN_MS, maxBytes: 100_000 },
            }),
          ),
        ]
      : []),
  ];
}

async function timed(ask: () => Promise<unknown>): Promise<Found> {
  const begun = performance.now();
  await ask();
  const seconds = (performance.now() - begun) / 1_000;
  return {
    etat: seconds < SLOW_S ? EtatPoint.BON : EtatPoint.ATTENTION,
    valeur: `répond en ${durationInWords(seconds)}`,
    mesure: seconds,
  };
}

async function services(isServing: Needs['isServing']): Promise<Found> {
  const names = (Object.keys(PORTS) as ServiceName[]).filter((name) => name !== 'ops');
  const answers = await Promise.all(names.map((name) => isServing(name).catch(() => false)));
  const away = names.filter((_, index) => !answers[index]);
  const up = names.length - away.length;
  return {
    etat: away.length ? EtatPoint.ALERTE : EtatPoint.BON,
    valeur: `${up} sur ${names.length}`,
    mesure: up,
    aide: away.length ? `Ne répondent pas : ${away.join(', ')}` : '',
  };
}

/** As mail is really given to it: connection, greeting, EHLO, and the login if there is one. */
async function greet(url: string): Promise<void> {
  const within = {
    connectionTimeout: MAIL_WITHIN_MS,
    greetingTimeout: MAIL_WITHIN_MS,
    socketTimeout: MAIL_WITHIN_MS,
  };
  const transport = createTransport({ url, ...within });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

async function workers(temporal: Temporal): Promise<Found> {
  const queues = [
    { name: EVENTS_QUEUE, types: [1, 2] },
    { name: FOLLOW_UPS_QUEUE, types: [1, 2] },
    { name: REMINDERS_QUEUE, types: [2] },
  ];
  const looked = await temporal(async ({ workflowService, options: { namespace } }) =>
    Promise.all(
      queues.flatMap(({ name, types }) =>
        types.map(async (taskQueueType) => {
          const { pollers, stats } = await workflowService.describeTaskQueue({
            ...{ namespace, taskQueue: { name }, taskQueueType, reportStats: true },
          });
          const asked = (pollers ?? []).map(
            ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000,
          );
          const backlog = Number(stats?.approximateBacklogCount ?? 0);
          return { name, asked: asked.some((at) => Date.now() - at < ASKED_WITHIN_MS), backlog };
        }),
      ),
    ),
  );
  const alone = [...new Set(looked.filter(({ asked }) => !asked).map(({ name }) => name))];
  const backlog = looked.reduce((sum, one) => sum + one.backlog, 0);
  if (!alone.length)
    return {
      etat: EtatPoint.BON,
      valeur: `au travail, ${countInWords(backlog)} tâches en file`,
      mesure: backlog,
    };
  return {
    etat: EtatPoint.ALERTE,
    valeur: 'personne ne prend le travail',
    mesure: backlog,
    aide: `Files sans worker depuis deux minutes : ${alone.join(', ')} ; ${countInWords(backlog)} tâches attendent.`,
  };
}

/** The stream and its consumer, the bridge. */
export function streamProbes(nats: () => Promise<NatsConnection>, stream: string, bridge: string): Probe[] {
  const groupe = GroupePoint.EVENEMENTS;
  return [
    {
      ...{ cle: 'stream', libelle: 'Place dans le flux NATS', groupe, away: EtatPoint.INCONNU },
      runbook: 'Something is down',
      async look() {
        const manager = await (await nats()).jetstreamManager();
        const { state, config } = await manager.streams.info(stream);
        const share = config.max_bytes > 0 ? state.bytes / config.max_bytes : 0;
        const words = (value: number) => `${Math.round(value * 100)} %`;
        return measured(share, { attention: 0.7, alerte: 0.9, words });
      },
    },
    {
      ...{ cle: 'bridge', libelle: 'Événements que le pont n’a pas encore pris', groupe },
      away: EtatPoint.INCONNU,
      async look() {
        const manager = await (await nats()).jetstreamManager();
        const info = await manager.consumers.info(stream, bridge);
        const waiting = info.num_pending + info.num_ack_pending;
        const found = measured(waiting, { attention: 200, alerte: 5_000, words: countInWords });
        if (info.num_waiting > 0 || waiting === 0) return found;
        return {
          ...found,
          etat: EtatPoint.ALERTE,
          aide: 'Le pont ne demande rien au flux : il ne tourne pas.',
        };
      },
    },
  ];
}
