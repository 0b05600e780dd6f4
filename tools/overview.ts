import { join } from 'node:path';
import { dataFolderPath, shortPath } from './data-folder.ts';
import type { Platform } from './platform.ts';

const WIDTH = 110;

type Overviewed = Pick<Platform, 'dataDir' | 'debuggers' | 'env' | 'ports' | 'servicePorts'>;

/** The table of what runs where, and a first call to paste. */
export function overview({ dataDir, debuggers, env, ports, servicePorts }: Overviewed): string {
  const data = shortPath(dataDir);
  const rows: [string, string][] = [
    ['Console', env.CONSOLE_URL ?? ''],
    [
      'Temporal UI',
      env.TEMPORAL_UI_URL ? `${env.TEMPORAL_UI_URL}/namespaces/${env.TEMPORAL_NAMESPACE}/workflows` : '',
    ],
    ['Mail inbox', env.MAIL_INBOX_URL ?? ''],
    [
      'gRPC services',
      `127.0.0.1 ${Object.entries(servicePorts)
        .map(([name, port]) => `${name}:${port}`)
        .join(' ')}`,
    ],
    ['Temporal', `${env.TEMPORAL_ADDRESS}, namespace ${env.TEMPORAL_NAMESPACE}`],
    ['NATS', `${withoutPassword(env.NATS_URL)}, monitoring http://127.0.0.1:${ports.natsMonitoring}`],
    ['PostgreSQL', withoutPassword(env.DATABASE_URL)],
    ['SMTP', withoutPassword(env.SMTP_URL)],
    [
      'Bank files',
      `${shortPath(join(env.BANK_DIR!, 'outbox'))} for the bank, its reports into ${shortPath(join(env.BANK_DIR!, 'inbox'))}`,
    ],
    [
      'Metrics',
      [
        ports.servicesMetrics,
        ports.workersMetrics,
        ports.opsMetrics,
        ...(env.CONSOLE_URL ? [ports.consoleMetrics] : []),
      ]
        .map((port) => `http://127.0.0.1:${port}/metrics`)
        .join(' '),
    ],
    [
      'Debuggers',
      debuggers
        ? `services 127.0.0.1:${ports.servicesDebugger} workers 127.0.0.1:${ports.workersDebugger} ops 127.0.0.1:${ports.opsDebugger} console 127.0.0.1:${ports.consoleDebugger}`
        : '',
    ],
    ['Data and logs', `${data} (its settings for a shell: set -a; . ${data}/env)`],
  ];
  const shown = rows.filter(([, value]) => value !== '');
  const labelWidth = Math.max(...shown.map(([label]) => label.length));
  const table = shown.map(
    ([label, value]) => `  ${label.padEnd(labelWidth)}  ${wrap(value, labelWidth + 4)}`,
  );
  return [...table, '', ...firstCall(env, servicePorts.clients)].join('\n');
}

function firstCall(env: Record<string, string>, port: number | undefined): string[] {
  const where = [
    env.PORT_OFFSET === '0' ? '' : `PORT_OFFSET=${env.PORT_OFFSET} `,
    env.DATA_DIR === dataFolderPath({ PORT_OFFSET: env.PORT_OFFSET }) ? '' : `DATA_DIR=${env.DATA_DIR} `,
  ].join('');
  const token = env.KEYCLOAK_REALM_URL
    ? `TOKEN=...  # from ${env.KEYCLOAK_REALM_URL}`
    : `TOKEN=$(${where}npm run -s token)`;
  const client = `{"nom":"Test","prenom":"User","email":"test.user@example.org","organisationId":"org-123"}`;
  return [
    'A first call (grpcurl: `brew install grpcurl` or `go install github.com/fullstorydev/grpcurl/cmd/grpcurl@latest`):',
    '',
    `  ${token}`,
    `  grpcurl -plaintext -H "authorization: Bearer $TOKEN" -d '${client}' localhost:${port} clients.ClientBaseService/Create`,
  ];
}

function withoutPassword(address = ''): string {
  return address.replace(/\/\/[^/,]*@/g, '//');
}

/** Wraps at spaces, with the further lines indented. */
function wrap(text: string, indent: number): string {
  let column = indent;
  const words = text.split(' ').map((word) => {
    const breaks = column + word.length + 1 > WIDTH;
    column = (breaks ? indent : column) + word.length + 1;
    return (breaks ? `\n${' '.repeat(indent)}` : ' ') + word;
  });
  return words.join('').trimStart();
}
