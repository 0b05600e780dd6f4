export { connectNats, lost, NatsLoginRefused } from './connect-nats.ts';
export { publish, type Published } from './publish.ts';
export { ensureStream, STREAM, SUBJECTS, type StreamSettings } from './ensure-stream.ts';
export { consume, type Consumption, type Message } from './consume.ts';
export { headers, type NatsConnection } from 'nats';
