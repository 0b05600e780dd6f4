import { serviceAccountSpec, type ConfigOf } from '@crm/kit';
import { temporalSpec } from '@crm/kit/temporal';
import { makeValidator, num, port, str } from 'envalid';

/** A rate. 0 is refused, because nothing would ever be sent. */
const positive = makeValidator((text) => {
  const rate = Number(text);
  if (!(rate > 0 && rate < Infinity)) throw new Error('must be a number above 0');
  return rate;
});

/** The settings of the workers, in addition to those of every process. */
export const workersSpec = {
  ...serviceAccountSpec,
  NATS_URL: str({ default: 'nats://127.0.0.1:4222', desc: 'NATS servers, separated by commas' }),
  NATS_STREAM_MAX_BYTES: num({
    default: 1024 ** 3,
    desc: 'Size of the stream at most; a full stream takes no more, nothing is dropped',
  }),
  ...temporalSpec,
  TEMPORAL_WORKER_BUILD_ID: str({
    default: '',
    desc: 'What this build is called among versions of the workers. None: workers have no versions',
  }),
  REMINDERS_PER_SECOND: positive({
    default: 10,
    desc: 'Reminders that go out in a second at most, of all workers together',
  }),
  METRICS_PORT: port({ default: 9464, desc: 'HTTP port of /readyz and /metrics' }),
};

export type WorkersConfig = ConfigOf<typeof workersSpec>;
