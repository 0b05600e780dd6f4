import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/** Has workers say nothing: of attempts that fail, say. Once a process, before the first worker. */
export function quietRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
}
