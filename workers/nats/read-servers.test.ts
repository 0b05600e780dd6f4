import { readServers } from './read-servers.ts';

test.each<[string, object]>([
  ['nats://127.0.0.1:4222', { servers: ['nats://127.0.0.1:4222'] }],
  ['nats:4222', { servers: ['nats:4222'] }],
  ['nats://suivi:12e4@nats:4222', { servers: ['nats://nats:4222'], login: { user: 'suivi', pass: '12e4' } }],
  ['suivi:a%40b@nats', { servers: ['nats'], login: { user: 'suivi', pass: 'a@b' } }],
  ['nats://s:a:/@b@nats', { servers: ['nats://nats'], login: { user: 's', pass: 'a:/@b' } }],
  [
    'nats://s:p@one:1, nats://s:p@two:2,nats://three:3',
    { servers: ['nats://one:1', 'nats://two:2', 'nats://three:3'], login: { user: 's', pass: 'p' } },
  ],
])('%s', (url, expected) => {
  expect(readServers(url)).toEqual(expected);
});

test.each(['nats://a:hush@one,nats://b:hush@two', 'nats://a:hush%@one'])(
  'a login that cannot be used is refused and not repeated (%#)',
  (url) => {
    expect(() => readServers(url)).toThrow(/^NATS_URL has ((?!hush).)*$/);
  },
);
