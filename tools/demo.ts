import { connectTo, type ServiceName } from '@crm/kit';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { EmailServiceService } from '@crm/proto/email/email';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { RegleSuiviServiceService, SuiviServiceService } from '@crm/proto/relance/relance';
import { suiviWorkflowId } from '@crm/workflows/ids';
import { setTimeout as delay } from 'node:timers/promises';
import { createToken } from './create-token.ts';
import { PlainError } from './plain-error.ts';

/** What the demo needs from the platform. */
export type Stage = { env: Record<string, string>; servicePorts: Record<string, number> };

/** The longest time for a step of the story, on a slow machine. */
const PATIENCE_MS = 60_000;

/**
 * Plays the story of a client through the public gRPC ports, and says what to look at: created with an e-mail
 * address, welcomed, announced, counted, and followed up by a rule of seconds instead of days.
 */
export async function playDemo({ env, servicePorts }: Stage, say = console.log): Promise<void> {
  if (!env.JWT_SECRET)
    throw new PlainError('The demo signs its own token and needs JWT_SECRET; with Keycloak it cannot.');
  const token = await createToken({ sub: 'demo', expires: '1h', secret: env.JWT_SECRET, env });
  const open: { close(): void }[] = [];
  const client = <D extends ServiceDefinition>(service: ServiceName, definition: D) => {
    const connected = connectTo(definition, `127.0.0.1:${servicePorts[service]}`, () =>
      Promise.resolve(token),
    );
    open.push(connected);
    return connected;
  };
  const organisationId = `demo-${Date.now().toString(36)}`;
  try {
    say(
      `1. A rule for organisation ${organisationId}: the first follow-up after 5 seconds instead of 7 days.`,
    );
    const regles = client('relance', RegleSuiviServiceService);
    await regles.create({ organisationId, delai: 'PT5S', delaiRappel: 'PT5S' });

    say('2. clients.ClientBaseService/Create: Camille Martin, looked after by user u-demo.');
    const startedAt = performance.now();
    const camille = await client('clients', ClientBaseServiceService).create({
      organisationId,
      nom: 'Martin',
      prenom: 'Camille',
      email: 'camille.martin@example.org',
      gestionnaireId: 'u-demo',
    });
    say(
      `   answered in ${Math.round(performance.now() - startedAt)} ms with id ${camille.id}; the event follows by itself.`,
    );

    const emails = client('email', EmailServiceService);
    const mail = await eventually('the welcome mail', async () => {
      const { emails: found } = await emails.getEmails({ clientId: camille.id });
      return found.find(({ statut }) => statut === 'ENVOYE');
    });
    say(
      `3. The welcome mail is sent: “${mail.sujet}”. Look at it: ${env.MAIL_INBOX_URL ?? 'in your mail server'}`,
    );

    const notifications = client('notifications', NotificationServiceService);
    const told = await eventually('the notification', async () => {
      const answer = await notifications.getNotificationsByUser({ utilisateurId: 'u-demo' });
      return answer.notifications.find(({ reference }) => reference === camille.id);
    });
    say(`4. The account manager was told: “${told.titre}: ${told.message}”`);

    const dashboard = client('dashboard', DashboardKpisServiceService);
    const kpis = await eventually('the figure', async () => {
      const answer = await dashboard.getKpis({ organisationId });
      return answer.nouveauxClients > 0n && answer;
    });
    say(`5. The dashboard counts ${kpis.nouveauxClients} new client.`);

    const suivis = client('relance', SuiviServiceService);
    const suivi = await eventually(
      'the follow-up',
      async () => (await suivis.list({ clientId: camille.id })).suivis[0],
    );
    const ui = env.TEMPORAL_UI_URL
      ? `${env.TEMPORAL_UI_URL}/namespaces/${env.TEMPORAL_NAMESPACE}/workflows`
      : 'the Temporal UI';
    say(
      `6. The follow-up ${suiviWorkflowId(camille.id)} sleeps until ${suivi.datePrevue?.toISOString()}. See both workflows: ${ui}`,
    );

    const taches = client('activites', TacheServiceService);
    const tache = await eventually(
      'the task',
      async () => (await taches.listByClient({ clientId: camille.id })).taches[0],
    );
    say(`7. The account manager has a task: “${tache.titre}”.`);

    await eventually('the reminder', async () => {
      const answer = await notifications.getNotificationsByUser({ utilisateurId: 'u-demo' });
      return answer.notifications.find(({ reference }) => reference === tache.id);
    });
    say('8. Still open after 5 more seconds: the account manager was reminded, once. The story ends here.');
  } finally {
    for (const connected of open) connected.close();
  }
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (Date.now() < giveUpAt) {
    const answer = await ask();
    if (answer) return answer;
    await delay(100);
  }
  throw new PlainError(
    `The demo waited ${PATIENCE_MS / 1000} s for ${what}. See the logs of services and workers.`,
  );
}
