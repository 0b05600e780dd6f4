import { RelanceServiceService, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, ...platform } = ground(stack);
const users = stack.client('users', UtilisateurServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

/** A colleague with a name, and her clients of both services. */
async function marie(organisationId: string) {
  const sub = unique('marie');
  const named = { prenom: 'Marie', nom: 'Durand', email: uniqueAddress() };
  await users.create({ organisationId, keycloakId: sub, ...named });
  return {
    relances: stack.client('relance', RelanceServiceService, sub),
    retries: stack.client('retry', RetryAdminServiceService, sub),
  };
}

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };

/** What became of two calls at once: the version of the one that won, and the refusal of the other. */
async function oneWins(calls: Promise<{ version: number }>[]) {
  const settled = await Promise.allSettled(calls);
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const lost = calls[settled.findIndex(({ status }) => status === 'rejected')]!;
  const won = await calls[settled.findIndex(({ status }) => status === 'fulfilled')]!;
  return { won, lost: await refusalOf(lost) };
}

test('a command for reminders that a colleague has changed is refused, and says what she did', async () => {
  const { organisationId, clientId } = await platform.prepareClient();
  for (const niveau of [1, 2, 3])
    await regles.create({ organisationId, niveau, delai: `P${15 * niveau}D`, modele: 'rappel', ...ALWAYS });
  const { id } = await platform.issueInvoice({ organisationId, clientId });
  const { relances } = services;
  const colleague = (await marie(organisationId)).relances;
  await until('the plan', () => relances.get({ id }));
  const { version: versionAttendue } = await relances.get({ id });
  // looking again changes nothing that a person sees
  await relances.replanifier({ id });
  expect((await relances.get({ id })).version).toBe(versionAttendue);

  const key = { metadata: { 'idempotency-key': unique('pause') } };
  const pause = { id, motif: 'promesse de virement', versionAttendue };
  const paused = await colleague.pause(pause, key);
  expect(paused.version).toBe(versionAttendue + 1);
  // a repeat is not stale: it is the same click
  expect((await colleague.pause(pause, key)).version).toBe(paused.version);

  const motif = 'un clic trop tard';
  for (const stale of [
    relances.sendNow({ id, motif, versionAttendue }),
    relances.skip({ id, motif, versionAttendue }),
    relances.pause({ id, motif, versionAttendue }),
    relances.resume({ id, motif, versionAttendue }),
    relances.cancel({ id, motif, versionAttendue }),
    relances.migrer({ id, motif, versionAttendue }),
  ]) {
    const { message, ...refusal } = await refusalOf(stale);
    expect(refusal).toMatchObject({ code: 'ABORTED', reason: 'VERSION' });
    expect(message).toMatch(
      /since version 1, it is version 2 now: Relances mises en pause par Marie Durand le \d+.* \(promesse de virement\); prochain niveau: 1$/,
    );
  }
  // whoever does not say what they have seen is not asked
  const resumed = await relances.resume({ id });
  expect(resumed.statut).toBe('EN_ATTENTE');

  const seen = { id, motif: 'accord', versionAttendue: resumed.version };
  const { won, lost } = await oneWins([relances.skip(seen), colleague.skip(seen)]);
  expect(won).toMatchObject({ version: resumed.version + 1, prochainNiveau: 2 });
  expect(lost).toMatchObject({ code: 'ABORTED', reason: 'VERSION' });
  expect(lost.message).toContain('Niveau non envoyé par ');
  expect((await relances.get({ id })).prochainNiveau).toBe(2);

  // the platform's own mail is another version, too
  await relances.sendNow({ id, versionAttendue: won.version });
  await until('the mail', async () => (await relances.get({ id })).prochainNiveau === 3);
  const { message } = await refusalOf(relances.skip({ id, motif, versionAttendue: won.version }));
  expect(message).toMatch(/Relance envoyée par Suivi \(automatique\) .*Envoi immédiat demandé par alice/);
}, 90_000);

test('a command for retries that a colleague has changed is refused, and says what she did', async () => {
  const { organisationId, clientId } = await platform.prepareClient();
  const { retries, payments } = services;
  const colleague = (await marie(organisationId)).retries;
  const { id } = await platform.planPayment({ organisationId, clientId });
  await payments.reject({ id, motifRejet: 'AM04' });
  await until('the schedule', () => retries.getSchedule({ id }));
  const { version: versionAttendue, prochaineAt } = await retries.getSchedule({ id });
  const daysLater = (days: number) =>
    new Date(prochaineAt!.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const datePrevue = daysLater(1);
  const moved = await colleague.replanSchedule({ id, datePrevue, motif: 'salaire', versionAttendue });
  const motif = 'un clic trop tard';
  for (const stale of [
    retries.cancelSchedule({ id, motif, versionAttendue }),
    retries.replanSchedule({ id, motif, datePrevue, versionAttendue }),
    retries.runNow({ id, motif, versionAttendue }),
    retries.migrateSchedule({ id, motif, versionAttendue }),
    retries.resumeWithMandate({ id, motif, mandatId: 'm-1', versionAttendue }),
  ]) {
    const { message, ...refusal } = await refusalOf(stale);
    expect(refusal).toMatchObject({ code: 'ABORTED', reason: 'VERSION' });
    expect(message).toMatch(
      /: Nouvelle présentation déplacée par Marie Durand le \d+.* \(salaire\); une présentation est prévue$/,
    );
  }
  const seen = { id, motif: 'accord', versionAttendue: moved.version };
  const { won, lost } = await oneWins([
    retries.replanSchedule({ ...seen, datePrevue: daysLater(7) }),
    colleague.replanSchedule({ ...seen, datePrevue: daysLater(14) }),
  ]);
  expect(won.version).toBe(moved.version + 1);
  expect(lost).toMatchObject({ code: 'ABORTED', reason: 'VERSION' });
  expect((await retries.listAuditLogs({ scheduleId: moved.id })).logs).toHaveLength(2);
}, 90_000);
