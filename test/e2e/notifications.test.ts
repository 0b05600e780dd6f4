import {
  Notification,
  NotificationServiceService,
  SubscribeRequest,
} from '@crm/proto/notifications/notifications';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { PORTS } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { v7 } from 'uuid';
import { bearer } from '../support/raw-call.ts';
import { refusalOf } from '../support/refusal.ts';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { startServicesAlone } from '../support/services-alone.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const notifications = stack.client('notifications', NotificationServiceService);

afterAll(() => stack.close());

/** Subscribes to a user's notifications; `received` grows as they come. */
async function subscribe(utilisateurId: string, token?: string, offset = stack.portOffset) {
  const { path, requestSerialize, responseDeserialize } = NotificationServiceService.subscribe;
  const client = new Client(`127.0.0.1:${PORTS.notifications + offset}`, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(bearer(token ?? (await stack.token()))))
    metadata.set(name, value);
  const request = SubscribeRequest.fromPartial({ utilisateurId });
  const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata);
  const received: Notification[] = [];
  call.on('data', (notification: Notification) => received.push(notification));
  const ended = new Promise<ServiceError>((resolve) => call.on('error', resolve));
  return { received, ended, stop: () => (call.cancel(), client.close()) };
}

/** Tells a user things until the stream brings one: the stream then is there. */
async function untilStreaming(utilisateurId: string, received: Notification[]) {
  await until('the stream', async () => {
    await notifications.createNotification({ utilisateurId, titre: 'Allô ?' });
    return received.length > 0;
  });
}

test('Subscribe brings what comes after the call, in order, once, and nothing of others', async () => {
  const utilisateurId = unique('user');
  const other = unique('user');
  await notifications.createNotification({ utilisateurId, titre: 'Avant' });
  const { received, stop } = await subscribe(utilisateurId);
  try {
    await untilStreaming(utilisateurId, received);
    const sent: string[] = [];
    for (let number = 0; number < 20; number += 1) {
      await notifications.createNotification({ utilisateurId: other, titre: 'Pour un autre' });
      const { id } = await notifications.createNotification({ utilisateurId, titre: `Numéro ${number}` });
      sent.push(id);
    }
    await until('the last one', () => received.some(({ id }) => id === sent.at(-1)));
    const ids = received.map(({ id }) => id);
    expect(ids.slice(-20)).toEqual(sent);
    expect(new Set(ids).size).toBe(ids.length);
    expect(received.map(({ titre }) => titre)).not.toContain('Avant');
    expect(new Set(received.map((notification) => notification.utilisateurId))).toEqual(
      new Set([utilisateurId]),
    );
  } finally {
    stop();
  }
});

test('Subscribe brings a notification that was committed after one with a later id', async () => {
  const utilisateurId = unique('user');
  const { received, stop } = await subscribe(utilisateurId);
  const slow = new pg.Client({ connectionString: stack.env.DATABASE_URL });
  try {
    await slow.connect();
    await untilStreaming(utilisateurId, received);
    const late = v7();
    await slow.query('BEGIN');
    await slow.query(
      `INSERT INTO notifications.notifications (id, organisation_id, utilisateur_id, type, titre, message, reference)
       VALUES ($1, 'default', $2, '', 'En retard', '', '')`,
      [late, utilisateurId],
    );
    const { id: early } = await notifications.createNotification({ utilisateurId, titre: 'À l’heure' });
    expect(late < early).toBe(true);
    await until('the one with the later id', () => received.at(-1)?.id === early);
    await slow.query('COMMIT');
    await until('the late one', () => received.at(-1)?.id === late);
    const { id: after } = await notifications.createNotification({ utilisateurId, titre: 'Après' });
    await until('what follows', () => received.at(-1)?.id === after);
    expect(received.slice(-3).map(({ id }) => id)).toEqual([early, late, after]);
    expect(new Set(received.map(({ id }) => id)).size).toBe(received.length);
  } finally {
    stop();
    await slow.end();
  }
});

test('two streams of one user bring both the same', async () => {
  const utilisateurId = unique('user');
  const streams = await Promise.all([subscribe(utilisateurId), subscribe(utilisateurId)]);
  try {
    for (const { received } of streams) await untilStreaming(utilisateurId, received);
    const { id } = await notifications.createNotification({ utilisateurId, titre: 'Pour les deux' });
    for (const { received } of streams) await until('both', () => received.at(-1)?.id === id);
  } finally {
    for (const { stop } of streams) stop();
  }
});

test('notifications are unread until they are read', async () => {
  const utilisateurId = unique('user');
  const [first] = await Promise.all(
    ['Une', 'Deux', 'Trois'].map((titre) => notifications.createNotification({ utilisateurId, titre })),
  );
  expect((await notifications.getNotificationsByUser({ utilisateurId })).nonLues).toBe(3);
  const read = await notifications.markAsRead({ id: first!.id });
  expect(read).toMatchObject({ lue: true, lueAt: expect.any(Date) as Date });
  expect(await notifications.markAsRead({ id: first!.id })).toEqual(read);
  const unread = await notifications.getNotificationsByUser({ utilisateurId, nonLuesSeulement: true });
  expect(unread.nonLues).toBe(2);
  expect(unread.notifications.map(({ titre }) => titre).sort()).toEqual(['Deux', 'Trois']);
  expect(await notifications.markAllAsRead({ utilisateurId })).toEqual({ marquees: 2 });
  expect(await notifications.markAllAsRead({ utilisateurId })).toEqual({ marquees: 0 });
});

test('a stream ends when its token does', async () => {
  const { ended, stop } = await subscribe(unique('user'), await stack.token('alice', '4s'));
  try {
    expect(await ended).toMatchObject({
      code: status.UNAUTHENTICATED,
      details: expect.stringContaining('expired') as string,
    });
  } finally {
    stop();
  }
});

test('a stream ends, with a word, as soon as its service is asked to end', async () => {
  const { offset, release } = await reservePortOffset(Object.values(PORTS));
  const alone = await startServicesAlone(stack, ['notifications'], offset);
  try {
    const utilisateurId = unique('user');
    const { received, ended, stop } = await subscribe(utilisateurId, undefined, offset);
    await untilStreaming(utilisateurId, received);
    const exited = alone.stop();
    expect(await ended).toMatchObject({
      code: status.UNAVAILABLE,
      details: 'the service is stopping: subscribe again',
    });
    expect(await exited).toEqual([0, null]);
    stop();
  } finally {
    await alone.kill();
    await release();
  }
});

test('several users are told at once: each once, all or nobody, however often it is repeated', async () => {
  const utilisateurIds = Array.from({ length: 3 }, () => unique('user'));
  const service = stack.client('notifications', NotificationServiceService, 'service:test');
  const request = { utilisateurIds, titre: 'À tous', type: 'essai', reference: 'r-1' };
  const handled = {
    metadata: {
      'idempotency-key': `${randomUUID()}/notifications`,
      'event-type': 'invoice.created',
      'event-timestamp': new Date().toISOString(),
    },
  };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => service.createNotifications(request, handled)),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]!.notifications.map(({ utilisateurId }) => utilisateurId)).toEqual(utilisateurIds);
  for (const utilisateurId of utilisateurIds) {
    const told = await notifications.getNotificationsByUser({ utilisateurId });
    expect(told.notifications).toEqual([
      expect.objectContaining({ titre: 'À tous', type: 'essai', reference: 'r-1', lue: false }),
    ]);
  }
  const nobody = notifications.createNotifications({ titre: 'À personne' });
  expect((await refusalOf(nobody)).violations).toMatchObject([{ field: 'utilisateurIds' }]);
  const twice = notifications.createNotifications({ titre: 'Deux fois', utilisateurIds: ['a', 'a'] });
  expect((await refusalOf(twice)).violations).toMatchObject([{ field: 'utilisateurIds' }]);
});
