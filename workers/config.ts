import { serviceAccountSpec, type ConfigOf } from '@crm/kit';
import { num, port, str } from 'envalid';

/** What the workers are told beside what every process is. */
export const workersSpec = {
  ...serviceAccountSpec,
  NATS_URL: str({ default: 'nats://127.0.0.1:4222', desc: 'NATS servers, separated by commas' }),
  NATS_STREAM_MAX_BYTES: num({
    default: 1024 ** 3,
    desc: 'Size of the stream at most; a full stream takes no more, nothing is dropped',
  }),
  TEMPORAL_ADDRESS: str({ default: '127.0.0.1:7233', desc: 'The Temporal frontend, host:port' }),
  TEMPORAL_NAMESPACE: str({ default: 'crm', desc: 'The Temporal namespace; created when missing' }),
  METRICS_PORT: port({ default: 9464, desc: 'HTTP port of /readyz and /metrics' }),
};

export type WorkersConfig = ConfigOf<typeof workersSpec>;
