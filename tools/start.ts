import { Command } from 'commander';
import { dataFolderPath, shortPath } from './data-folder.ts';
import { overview } from './overview.ts';
import { PARTS, TITLES } from './parts.ts';
import { describeError } from './plain-error.ts';
import { startPlatform, type Platform, type Progress } from './platform.ts';
import { parsePortOffset } from './ports.ts';
import { killRecorded } from './process-record.ts';
import { displayProgress, seconds } from './progress-display.ts';

/**
 * npm forwards a terminal's Ctrl-C, which the terminal sends to us as well: a second signal this soon is the
 * same one.
 */
const SAME_SIGNAL_MS = 700;

const program = new Command('npm start --')
  .description(
    'Starts Suivi with everything it needs on 127.0.0.1 and stays in the foreground; Ctrl-C stops it all.\n\n' +
      'Environment: DATA_DIR (default .data) holds the data, PORT_OFFSET=1000 starts a second copy beside the first,\n' +
      'DATABASE_URL, NATS_URL, TEMPORAL_ADDRESS and SMTP_URL name servers to use instead of starting them.',
  )
  .option(
    '--watch',
    'start services and workers again when their code changes, with a debugger port for each',
  )
  .option('--demo', 'play the story of a client through the public ports once everything runs')
  .parse();

const { watch = false, demo = false } = program.opts<{ watch?: boolean; demo?: boolean }>();
const starting = new AbortController();
let platform: Platform | undefined;
let firstSignalAt: number | undefined;
let dataDir = '';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
// A closed terminal cannot be written to; the children are stopped all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

try {
  dataDir = dataFolderPath(process.env);
  const display = await displayProgress(PARTS);
  const broken: Progress[] = [];
  let show = (progress: Progress) => {
    display.show(progress);
    if (progress.state === 'crashed') broken.push(progress);
  };
  try {
    platform = await startPlatform({
      dataDir,
      portOffset: parsePortOffset(process.env.PORT_OFFSET),
      env: process.env,
      restartCrashed: true,
      development: watch,
      onProgress: (progress) => show(progress),
      signal: starting.signal,
    });
  } finally {
    await display.close();
  }
  show = report;
  if (platform.leftovers.length > 0) {
    console.log(`\nStopped what an earlier start had left running: ${platform.leftovers.join(', ')}.`);
  }
  console.log(`\n${overview(platform)}\n`);
  for (const { text } of broken) console.log(`${text}\n`);
  const ready = broken.length > 0 ? 'Up but for that, after' : 'READY in';
  console.log(`${ready} ${seconds(performance.now())} · memory ${Math.round(platform.rss() / 1024 ** 2)} MB`);
  if (watch) {
    const { watchSources } = await import('./watch-sources.ts');
    await watchSources(platform, (text) => console.log(`${clock()} ${text}`));
    console.log('Watching the code: a save starts again what it concerns.');
  }
  if (demo) {
    const { playDemo } = await import('./demo.ts');
    await playDemo(platform);
  }
} catch (error) {
  if (!starting.signal.aborted) {
    console.error(`\n${describeError(error)}`);
    await platform?.stopAll();
    process.exit(1);
  }
}
if (starting.signal.aborted && !platform) process.exit(0);

function onSignal(): void {
  const now = performance.now();
  if (firstSignalAt !== undefined) {
    if (now - firstSignalAt < SAME_SIGNAL_MS) return;
    killRecorded(dataDir);
    process.exit(130);
  }
  firstSignalAt = now;
  starting.abort();
  console.log('\nStopping… (Ctrl-C again kills at once)');
  if (platform) void stop(platform, now);
}

async function stop(running: Platform, since: number): Promise<void> {
  try {
    await running.stopAll();
    console.log(`Stopped in ${seconds(performance.now() - since)}.`);
    process.exit(0);
  } catch (error) {
    console.error(describeError(error));
    killRecorded(dataDir);
    process.exit(1);
  }
}

/** Reports what happens to a child after the start. */
function report({ part, state, text = '' }: Progress): void {
  if (state === 'crashed')
    console.log(`${clock()} ${TITLES[part]} ${text}. Its log: ${shortPath(dataDir)}/logs/${part}.log`);
  if (state === 'restarted') console.log(`${clock()} ${TITLES[part]} runs again.`);
}

function clock(): string {
  return new Date().toLocaleTimeString('fr-FR');
}
