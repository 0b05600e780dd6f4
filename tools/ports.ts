import { createServer, connect, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainError } from './plain-error.ts';

/** Ports of everything beside the gRPC services, before `PORT_OFFSET` is added. */
const SERVER_PORTS = {
  postgres: 54320,
  nats: 4222,
  natsMonitoring: 8222,
  temporal: 7233,
  temporalUi: 8233,
  smtp: 1025,
  mailInbox: 1080,
  workersMetrics: 9464,
  servicesMetrics: 9465,
};

export type ServerPorts = typeof SERVER_PORTS;

const HIGHEST_PORT = 65535;
const HIGHEST_OFFSET = HIGHEST_PORT - SERVER_PORTS.postgres;

/** How long a port held by someone's outgoing connection, which nobody listens on, is waited for. */
const PASSING_CONNECTION_MS = 3_000;

/** Reads `PORT_OFFSET`; absent or empty is 0. */
export function parsePortOffset(value: string | undefined): number {
  const offset = Number(value || '0');
  if (Number.isInteger(offset) && offset >= 0 && offset <= HIGHEST_OFFSET) return offset;
  throw new PlainError(`PORT_OFFSET=${value} is not a whole number from 0 to ${HIGHEST_OFFSET}.`);
}

/** Adds the offset to every port of a table. */
export function addOffset<T extends Record<string, number>>(table: T, offset: number): T {
  return Object.fromEntries(Object.entries(table).map(([name, port]) => [name, port + offset])) as T;
}

/**
 * Ports of everything beside the gRPC services. With an offset, Temporal is one port further than the sum: 1000
 * on from its usual port is where the UI of a copy without offset listens.
 */
export function serverPorts(offset: number): ServerPorts {
  const ports = addOffset(SERVER_PORTS, offset);
  return offset === 0 ? ports : { ...ports, temporal: ports.temporal + 1 };
}

/**
 * Refuses, with a sentence that offers another offset, when something already holds `port` on 127.0.0.1.
 * A port held by a mere outgoing connection (most of ours lie in the range the system takes those from) is
 * given some seconds to become free.
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

/** True when a program accepts connections on the port of 127.0.0.1. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port);
  if (!server) return false;
  await close(server);
  return true;
}

/**
 * Chooses a port offset for a copy that needs no well-known ports (tests) and holds it until `release`, against
 * every other process of this machine that asks the same way. The offsets put all ports outside the range that
 * Linux takes the ports of outgoing connections from (32768–60999), so that no connection can sit on one.
 */
export async function reservePortOffset(
  servicePorts: number[],
): Promise<{ offset: number; release: () => Promise<void> }> {
  const lowest = 61_000 - Math.min(...servicePorts, SERVER_PORTS.postgres);
  const step = Math.max(...servicePorts) - Math.min(...servicePorts) + 1;
  for (let offset = lowest; offset <= HIGHEST_OFFSET; offset += step) {
    const guard = await listen(SERVER_PORTS.workersMetrics - 1 + offset);
    if (!guard) continue;
    const ports = [...servicePorts.map((port) => port + offset), ...Object.values(serverPorts(offset))];
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return { offset, release: () => close(guard) };
    await close(guard);
  }
  throw new PlainError(
    `No port offset from ${lowest} to ${HIGHEST_OFFSET} is free: too many copies run at once.`,
  );
}

/** Answers nothing when the port is taken. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
