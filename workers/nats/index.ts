export { connectNats, lost } from './connect-nats.ts';
export { publish } from './publish.ts';
export { BRIDGE, ensureStream, STREAM } from './ensure-stream.ts';
export { NotAnEvent, readEvent } from './read-event.ts';
export { consume, type Consumption, type Message } from './consume.ts';
export { headers, type NatsConnection } from 'nats';
