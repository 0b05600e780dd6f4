import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Has workers say nothing of attempts that fail and histories that break: that is what the tests are about. */
export function quietWorker(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}
