import { RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { ground } from '../support/ground.ts';
import { ops } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, ...platform } = ground(stack);
const { relances, clients, attentes } = services;
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };

test('what the client will read is shown before, with what would stop it, and nothing is written', async () => {
  const email = uniqueAddress();
  const whose = await platform.prepareClient({ email, raisonSociale: 'Boulangerie Martin' });
  const { organisationId, clientId } = whose;
  const level = { organisationId, modele: 'rappel', ...ALWAYS };
  await regles.create({ ...level, niveau: 1, delai: 'P15D' });
  await regles.create({ ...level, niveau: 2, delai: 'P30D', modele: 'mise-en-demeure' });
  const { id, numero, restantDu } = await platform.issueInvoice(whose);
  await until('the plan', () => relances.get({ id }));
  const preview = () => relances.previewSend({ id });
  const obstacles = async () => (await preview()).empechements.map(({ raison }) => raison);

  const stored = () => stack.sql('SELECT * FROM relance.relances WHERE invoice_id = $1', id);
  const { prochaineAt } = await relances.get({ id });
  // a plan that is not true any more is shown as it is now, and stays as it is stored
  await stack.sql(
    `UPDATE relance.relances SET prochaine_at = prochaine_at + interval '1 hour' WHERE invoice_id = $1`,
    id,
  );
  const before = await stored();
  const seen = await preview();
  expect(seen).toMatchObject({
    ...{ numeroFacture: numero, client: 'Boulangerie Martin', restantDu, empechements: [] },
    relance: { prochainNiveau: 1, version: 1 },
    acte: { $case: 'courriel', value: { destinataire: email, modele: 'rappel', expediteurNom: 'Horizon' } },
  });
  expect(seen.prevueAt).toEqual(prochaineAt);
  expect(seen.auPlusTot!.getTime()).toBeLessThan(seen.prevueAt!.getTime());
  expect(await stored()).toEqual(before);
  const written = `SELECT 1 FROM email.emails WHERE client_id = $1 AND modele = 'rappel'
    UNION ALL SELECT 1 FROM relance.derniers_envois WHERE client_id = $1`;
  expect(await stack.sql(written, clientId)).toEqual([]);

  await clients.update({ id: clientId, sansRelance: true });
  expect(await preview()).toMatchObject({
    empechements: [{ raison: 'CLIENT_SANS_RELANCE', message: 'le client ne souhaite pas de relance' }],
    acte: { $case: 'saut' },
  });
  await clients.update({ id: clientId, sansRelance: false, email: '' });
  expect(await preview()).toMatchObject({
    empechements: [],
    acte: { $case: 'tache', value: { titre: expect.stringContaining(numero) as string } },
  });
  await clients.update({ id: clientId, email });

  const shell = await ops(stack, 'follow-ups', 'preview', numero, '--org', organisationId);
  expect(shell.output).toMatch(/Facture .*, Boulangerie Martin, reste dû 1 200,00 €\nNiveau 1, prévu le /);
  expect(shell.output).toContain(`À : ${email}\nObjet : `);
  const pause = ['follow-ups', 'pause', '--client', 'boulangerie martin', '--org', organisationId];
  const counted = await ops(stack, ...pause);
  expect(counted.output).toMatch(
    /Boulangerie Martin, 1 200,00 €, niveau 1 .*: à faire\nÀ faire : 1, impossibles : 0\.\n/,
  );
  const applied = await ops(stack, ...pause, '--apply', '--why', 'congés');
  expect(applied).toMatchObject({
    code: 0,
    output: expect.stringContaining('Faites : 1, non faites : 0.') as string,
  });
  const resume = ['follow-ups', 'resume', '--invoice', numero, '--org', organisationId];
  // named twice it is meant once; a command that was cut is repeated with its key
  const again = ['--invoice', numero, '--apply', '--why', 'rentrée', '--key', unique('key')];
  for (let nth = 1; nth <= 2; nth++)
    expect(await ops(stack, ...resume, ...again)).toMatchObject({
      ...{ code: 0, output: expect.stringContaining('Faites : 1, non faites : 0.') as string },
    });
  const late = await ops(stack, ...pause, '--until', '2026-01-01');
  expect(late).toMatchObject({ code: 1, output: '--until 2026-01-01: must be after today\n' });
  expect(await ops(stack, ...resume)).toMatchObject({
    ...{ code: 1, output: expect.stringContaining('refusée: the reminders are not paused') as string },
  });

  const hold = await attentes.create({ organisationId, clientId, motif: 'un geste est discuté' });
  await relances.pause({ id, motif: 'litige' });
  expect(await obstacles()).toEqual(['RELANCE_EN_PAUSE', 'RELANCE_RETENUE']);
  await attentes.lever({ id: hold.id, motif: 'accord' });
  const { version: versionAttendue } = await relances.resume({ id });

  // the mail that goes out is the one that was shown
  const shown = await preview();
  expect(shown.relance!.version).toBe(versionAttendue);
  await relances.sendNow({ id, versionAttendue });
  await until('the mail', async () => (await relances.get({ id })).prochainNiveau === 2);
  const [sent] = await stack.sql<{ sujet: string; texte: string; html: string }>(
    `SELECT sujet, texte, html FROM email.emails WHERE client_id = $1 AND modele = 'rappel'`,
    clientId,
  );
  expect(shown.acte).toMatchObject({ value: sent! });

  // the invoice is not overdue
  expect(await obstacles()).toEqual(['MISE_EN_DEMEURE']);
  expect((await preview()).acte).toMatchObject({
    value: { sujet: expect.stringContaining('mise en demeure') as string },
  });
  await relances.cancel({ id, motif: 'geste commercial' });
  expect(await preview()).toMatchObject({
    empechements: [{ raison: 'RELANCE_TERMINEE', message: 'les relances sont terminées : geste commercial' }],
    ...{ acte: undefined, auPlusTot: undefined, prevueAt: undefined },
  });
}, 240_000);

test('where a client gets one mail for several invoices, that one is shown', async () => {
  const whose = await platform.prepareClient();
  const { organisationId } = whose;
  const { id } = await services.organisations.get({ id: organisationId });
  await services.organisations.update({ id, relancesGroupees: true });
  await regles.create({ organisationId, niveau: 1, delai: 'P15D', modele: 'rappel', ...ALWAYS });
  const invoices = [await platform.issueInvoice(whose), await platform.issueInvoice(whose)];
  for (const one of invoices) await until('the plan', () => relances.get({ id: one.id }));
  const numeros = invoices.map(({ numero }) => numero);
  const { acte } = await relances.previewSend({ id: invoices[1]!.id });
  expect(acte).toMatchObject({ $case: 'courriel', value: { modele: 'relance-groupee', numeros } });
  // one that is paused is not in it
  await relances.pause({ id: invoices[0]!.id, motif: 'litige' });
  expect((await relances.previewSend({ id: invoices[1]!.id })).acte).toMatchObject({
    value: { modele: 'rappel', numeros: [] },
  });
}, 90_000);
