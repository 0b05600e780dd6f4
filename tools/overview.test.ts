import { dataFolderPath } from './data-folder.ts';
import { overview } from './overview.ts';
import { serverPorts } from './ports.ts';
import { platformSettings } from './settings.ts';

function show(env: NodeJS.ProcessEnv, offset = 0, debuggers = false): string {
  const ports = serverPorts(offset);
  const secrets = {
    jwtSecret: 'secret-of-tokens',
    ibanKey: '',
    consoleKey: '',
    postgresPassword: 'secret-of-postgres',
  };
  const settings = platformSettings({ env, dataDir: '/data', offset, ports, secrets });
  return overview({
    dataDir: '/data',
    debuggers,
    env: settings,
    ports,
    servicePorts: { clients: 50052 + offset },
  });
}

test('the table names the UI, the inbox and a call that can be pasted', () => {
  const text = show({}, 1000);
  expect(text).toContain('http://127.0.0.1:9233/namespaces/crm/workflows');
  expect(text).toContain('http://127.0.0.1:2080');
  expect(text.replace(/\s+/g, ' ')).toContain(
    'Bank files /data/bank/outbox for the bank, its reports into /data/bank/inbox',
  );
  expect(text).toContain('TOKEN=$(PORT_OFFSET=1000 DATA_DIR=/data npm run -s token)');
  expect(text).toContain('localhost:51052 clients.ClientBaseService/Create');
});

test('the debuggers are named where there are some', () => {
  expect(show({})).not.toContain('Debuggers');
  expect(show({}, 1000, true)).toMatch(/Debuggers +services 127.0.0.1:10230 workers 127.0.0.1:10231/);
});

test('no secret is shown', () => {
  const text = show({ NATS_URL: 'nats://me:my-password@nats:4222' });
  expect(text).not.toMatch(/secret-of|my-password/);
  expect(text).toContain('nats://nats:4222');
});

test('what is not ours has no line', () => {
  const text = show({ TEMPORAL_ADDRESS: 'temporal:7233', SMTP_URL: 'smtp://mail' });
  expect(text).not.toMatch(/Temporal UI|Mail inbox/);
});

test('the default data folder need not be said, whatever this process inherited', () => {
  const ports = serverPorts(1000);
  const dataDir = dataFolderPath({ PORT_OFFSET: '1000' });
  const secrets = { jwtSecret: 'x', ibanKey: '', consoleKey: '', postgresPassword: 'x' };
  const env = platformSettings({ env: {}, dataDir, offset: 1000, ports, secrets });
  const text = overview({ dataDir, debuggers: false, env, ports, servicePorts: { clients: 51052 } });
  expect(text).toContain('TOKEN=$(PORT_OFFSET=1000 npm run -s token)');
});
