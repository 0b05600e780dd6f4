import { once } from 'node:events';
import { createServer, connect, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { CONSOLE_PORT } from '@crm/console/config';
import { PORTS } from '@crm/kit/ports';
import { PlainError } from './plain-error.ts';

/** The ports of everything but the gRPC services, without `PORT_OFFSET`. */
export const SERVER_PORTS = {
  postgres: 54320,
  nats: 4222,
  natsMonitoring: 8222,
  temporal: 7233,
  temporalUi: 8233,
  smtp: 1025,
  mailInbox: 1080,
  workersMetrics: 9464,
  servicesMetrics: 9465,
  console: CONSOLE_PORT,
  consoleMetrics: 9466,
  ops: PORTS.ops,
  opsMetrics: 9467,
  // not Node's default 9229, where a replay waits for its debugger
  servicesDebugger: 9230,
  workersDebugger: 9231,
  consoleDebugger: 9232,
  opsDebugger: 9228,
};

export type ServerPorts = typeof SERVER_PORTS;

const HIGHEST_PORT = 65535;
export const HIGHEST_OFFSET = HIGHEST_PORT - SERVER_PORTS.postgres;

/** How long to wait for a port that only an outgoing connection holds. */
const PASSING_CONNECTION_MS = 3_000;

/** Reads `PORT_OFFSET`; absent or empty is 0. */
export function parsePortOffset(value: string | undefined): number {
  const offset = Number(value || '0');
  if (Number.isInteger(offset) && offset >= 0 && offset <= HIGHEST_OFFSET) return offset;
  throw new PlainError(`PORT_OFFSET=${value} is not a whole number from 0 to ${HIGHEST_OFFSET}.`);
}

/** Adds the offset to all ports of a table. */
export function addOffset<T extends Record<string, number>>(table: T, offset: number): T {
  return Object.fromEntries(Object.entries(table).map(([name, port]) => [name, port + offset])) as T;
}

/**
 * The ports of everything but the gRPC services. With an offset, Temporal's port is one higher than the sum:
 * with 1000 the sum would be the port of the first copy's UI.
 */
export function serverPorts(offset: number): ServerPorts {
  const ports = addOffset(SERVER_PORTS, offset);
  return offset === 0 ? ports : { ...ports, temporal: ports.temporal + 1 };
}

/**
 * Fails, with a sentence that offers another offset, if something holds `port` on 127.0.0.1. If it is only an
 * outgoing connection (most of our ports are in the range that the system uses for those), it waits some
 * seconds.
 */
export async function assertPortFree(port: number, usedBy: string, offset = 0): Promise<void> {
  const giveUpAt = Date.now() + PASSING_CONNECTION_MS;
  while (!(await isFree(port))) {
    if (Date.now() < giveUpAt && !(await isListening(port))) {
      await delay(100);
      continue;
    }
    const other = offset + 1000 > HIGHEST_OFFSET ? 1000 : offset + 1000;
    throw new PlainError(
      `Port ${port} (${usedBy}) is taken by another program. ` +
        `Stop it, or start Suivi on other ports: PORT_OFFSET=${other} npm start`,
    );
  }
}

/** Whether a program accepts connections on the port. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

export async function isFree(port: number): Promise<boolean> {
  const server = await holdPort(port);
  if (!server) return false;
  await once(server.close(), 'close');
  return true;
}

/** Holds a port of 127.0.0.1 without answering on it; undefined if it is taken. */
export function holdPort(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
