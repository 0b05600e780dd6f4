import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectTo, PORTS, WORKERS_ISSUER, type Connected, type ServiceName } from '@crm/kit';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { connectNats, type NatsConnection } from '@crm/nats';
import pg from 'pg';
import { createToken } from '@crm/tools/create-token';
import { startPlatform, type Platform } from '@crm/tools/platform';
import { reservePortOffset } from './reserve-port-offset.ts';

/** What tests need to reach a platform: plain data, which can be passed between processes. */
export type Reach = { env: Record<string, string>; portOffset: number };

/** A platform with a data folder and ports of its own. */
export type OwnStack = Stack & {
  platform: Platform;
  /** Starts the platform again on the same data and ports, after stopping what is left of it. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts a whole platform on free ports with an empty folder, whatever the environment says. */
export async function startOwnStack(env: NodeJS.ProcessEnv = {}): Promise<OwnStack> {
  const { offset, release } = await reservePortOffset(Object.values(PORTS));
  const dataDir = mkdtempSync(join(tmpdir(), 'suivi-test-'));
  const discard = async () => {
    rmSync(dataDir, { recursive: true, force: true });
    await release();
  };
  try {
    const start = () => startPlatform({ dataDir, portOffset: offset, env });
    const platform = await start();
    const stack: OwnStack = Object.assign(reach({ env: platform.env, portOffset: offset }), {
      platform,
      async startAgain() {
        await stack.platform.stopAll();
        stack.platform = await start();
      },
      async stop() {
        await stack.close();
        await stack.platform.stopAll();
        await discard();
      },
    });
    return stack;
  } catch (error) {
    await discard();
    throw error;
  }
}

/** The platform that this test run shares. */
export const sharedStack = (): Stack => reach(JSON.parse(process.env.SUIVI_TEST_STACK!) as Reach);

export type Stack = ReturnType<typeof reach>;

/** Clients of a platform: of its services, its database, NATS, Temporal and its mail inbox. */
export function reach({ env, portOffset }: Reach) {
  const closers: (() => unknown)[] = [];
  let database: pg.Pool | undefined;
  let nats: Promise<NatsConnection> | undefined;
  let temporal: Promise<TemporalClient> | undefined;
  /** A person's token; or, if `sub` begins with `service:`, one as workers sign. */
  const token = (sub = 'alice', expires = '10m') => {
    const issuer = sub.startsWith('service:') ? { AUTH_ISSUER: WORKERS_ISSUER } : {};
    return createToken({ sub, expires, secret: env.JWT_SECRET!, env: { ...env, ...issuer } });
  };
  return {
    env,
    portOffset,
    token,
    address: (service: ServiceName) => `127.0.0.1:${PORTS[service] + portOffset}`,
    /** A client of a service, calling as `sub`. */
    client<D extends ServiceDefinition>(service: ServiceName, definition: D, sub?: string): Connected<D> {
      const client = connectTo(definition, `127.0.0.1:${PORTS[service] + portOffset}`, () => token(sub));
      closers.push(() => client.close());
      return client;
    },
    /** Runs SQL; answers the rows. */
    async sql<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]> {
      if (!database) {
        database = new pg.Pool({ connectionString: env.DATABASE_URL, max: 2 });
        database.on('error', () => {}); // tests kill the server
        closers.push(() => database?.end());
      }
      return (await database.query<Row>(text, values)).rows;
    },
    nats(): Promise<NatsConnection> {
      nats ??= connectNats(env.NATS_URL!, 'test').then((connection) => {
        closers.push(() => connection.close());
        return connection;
      });
      return nats;
    },
    temporal(): Promise<TemporalClient> {
      temporal ??= Connection.connect({ address: env.TEMPORAL_ADDRESS! }).then((connection) => {
        closers.push(() => connection.close());
        return new TemporalClient({ connection, namespace: env.TEMPORAL_NAMESPACE! });
      });
      return temporal;
    },
    /** The mails in the inbox. */
    async mails(): Promise<Mail[]> {
      const response = await fetch(`${env.MAIL_INBOX_URL}/api/email`);
      const body = (await response.json()) as Mail[] | { emails: Mail[] };
      return Array.isArray(body) ? body : body.emails;
    },
    /** Those to an address. */
    async mailsTo(address: string): Promise<Mail[]> {
      return (await this.mails()).filter((mail) => mail.to.some((to) => to.address === address));
    },
    async close() {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** A mail as the inbox tells of it. */
export type Mail = {
  id: string;
  subject: string;
  html: string;
  text: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  to: { address: string }[];
};
