import { connect, type NatsConnection } from 'nats';

export { publish, type Published } from './publish.ts';
export { ensureStream, STREAM, SUBJECTS, type StreamSettings } from './ensure-stream.ts';
export { consume, type Consumption, type Message } from './consume.ts';
export { headers } from 'nats';
export type { NatsConnection };

/**
 * Connects, and reconnects for as long as it takes: also the first connection waits for a server that is not up
 * yet. Nobody else in Suivi opens a connection.
 */
export const connectNats = (url: string, name: string): Promise<NatsConnection> =>
  connect({
    servers: url.split(','),
    name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
  });
