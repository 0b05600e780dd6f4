import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Has Temporal's workers say nothing of histories that break, of which the caller tells. Once a process. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}
