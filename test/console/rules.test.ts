import { jest } from '@jest/globals';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import {
  CreateRegleRelanceRequest,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RelanceServiceService,
} from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import {
  complaints,
  openPage,
  overflow,
  SCREENS,
  signIn,
  tabTo,
  whole,
  withBrowser,
} from './support/browser.ts';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
const regles = stack.client('relance', RegleRelanceServiceService);
const relances = stack.client('relance', RelanceServiceService);
const retries = stack.client('retry', RetryAdminServiceService);
jest.setTimeout(120_000);

afterAll(() => stack.close());

const MINUTE_MS = 60_000;
const levels = (given: object[]) => given.map((level) => CreateRegleRelanceRequest.fromPartial(level));

/** An organisation with two levels, and three invoices that are followed. */
async function ground() {
  const [organisationId, nom] = [unique('org'), unique('Vasseur <b>&')];
  await regles.enregistrer({
    ...{ organisationId, motif: 'premières règles' },
    niveaux: levels([{ delai: 'P15D' }, { delai: 'P30D', modele: 'relance', montantMinimum: 2_000 }]),
  });
  const client = await stack
    .client('clients', ClientBaseServiceService)
    .create({ organisationId, nom, email: uniqueAddress() });
  const factures = stack.client('factures', InvoiceServiceService);
  const invoices = [];
  for (const montant of [124_000n, 56_000n, 8_990n])
    invoices.push(await factures.create({ organisationId, clientId: client.id, montant }));
  for (const { id } of invoices) await until('the plan', () => relances.get({ id }));
  return { organisationId, nom, clientId: client.id, invoices, ids: invoices.map(({ id }) => id) };
}

withBrowser('the rules in a browser', () => {
  test('by keyboard alone: a rule is changed, what that does is seen, it is saved, and what runs is moved', async () => {
    const { organisationId, ids, nom } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/regles?org=${organisationId}`);
    const marie = unique('Marie');
    await signIn(page, marie);
    const list = page.getByRole('list', { name: 'Niveaux de relance' });
    await list.getByText(/J\+15 après la facture, à 9\sh\s: mail «\sRappel\s»/).waitFor();
    await list.getByText(/J\+30 après la facture, à 9\sh, si au moins 20\s€\s: mail «\sRelance\s»/).waitFor();

    const begun = Date.now();
    await tabTo(page, page, 'Aller au contenu', 'link');
    await page.keyboard.press('Enter');
    await tabTo(page, page, 'Modifier le niveau 1');
    await page.keyboard.press('Enter');
    // wrong at first: it is said at the field
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('bientôt');
    await tabTo(page, page, 'Voir ce que cela change');
    await page.keyboard.press('Enter');
    await page.getByText('Écrivez un délai').waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('10 j');
    await tabTo(page, page, 'Voir ce que cela change');
    await page.keyboard.press('Enter');
    const whatIf = page.getByRole('region', { name: 'Ce que cela change' });
    await whatIf.getByText('3 plus tôt').waitFor();
    await whatIf.getByRole('img', { name: /Mails par jour/ }).waitFor();
    await whatIf.getByText(nom).first().waitFor();
    await tabTo(page, page, 'Motif', 'textbox');
    await page.keyboard.type('Encaisser plus tôt');
    await tabTo(page, page, 'Enregistrer les règles');
    await page.keyboard.press('Enter');
    const running = page.getByRole('region', { name: 'Ce qui court déjà' });
    await running.getByText('3 sur 3 en cours suivent encore les anciennes règles').waitFor();
    await tabTo(page, page, 'Déplacer les 3 aux nouvelles règles');
    await page.keyboard.press('Enter');
    await running.getByText('3 déplacées.').waitFor();
    expect(Date.now() - begun).toBeLessThan(MINUTE_MS);

    for (const id of ids) {
      const { niveaux } = await relances.get({ id });
      expect(niveaux.map(({ delai }) => delai)).toEqual(['P10D', 'P30D']);
    }
    const [line] = (
      await stack.client('relance', HistoriqueRelanceServiceService).list({ invoiceId: ids[0]! })
    ).historique;
    expect(line).toMatchObject({ action: 'MIGRATION', motif: 'Encaisser plus tôt' });
    const history = page.getByRole('region', { name: 'Qui a changé les règles' });
    await history.getByText(marie).waitFor();
    await history.getByText('Encaisser plus tôt').waitFor();
    expect(faults).toEqual([]);
  });
});

whole('all of the rules in a browser', () => {
  test('what the mails of the levels say is shown in a frame that may do nothing', async () => {
    const { organisationId } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/regles?org=${organisationId}`);
    await signIn(page, 'alice');
    const templates = page.getByRole('region', { name: 'Ce que disent les mails' });
    for (const button of await templates.getByRole('button').all()) {
      await button.click();
      const frame = page.getByRole('dialog').locator('iframe');
      expect(await frame.getAttribute('sandbox')).toBe('');
      await frame
        .contentFrame()
        .getByText(/Bonjour|Madame, Monsieur/)
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
    }
    expect(faults).toEqual([]);
  });

  test('who saves what a colleague has changed since is told, and loses nothing', async () => {
    const { organisationId } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/regles?org=${organisationId}`);
    await signIn(page, 'alice');
    await page.getByRole('button', { name: 'Modifier le niveau 2' }).click();
    await page.getByRole('textbox', { name: 'Délai' }).fill('25');
    await page.getByRole('textbox', { name: 'Seulement à partir de' }).fill('30');
    await page.getByText(/J\+25 après la facture, à 9\sh, si au moins 30\s€/).waitFor();
    await page.getByRole('button', { name: 'Voir ce que cela change' }).click();
    await page.getByRole('textbox', { name: 'Motif' }).fill('moins de petites relances');
    await regles.enregistrer({ organisationId, niveaux: levels([{ delai: 'P12D' }]), motif: 'simplifié' });
    await page.getByRole('button', { name: 'Enregistrer les règles' }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'simplifié' });
    await notice.getByText(/J\+12 après la facture/).waitFor();
    // the text is still there, and what the colleague did is below
    expect(await page.getByRole('textbox', { name: 'Délai' }).inputValue()).toBe('25');
    expect(await page.getByRole('textbox', { name: 'Motif' }).inputValue()).toBe('moins de petites relances');
    await page.getByRole('region', { name: 'Qui a changé les règles' }).getByText('simplifié').waitFor();
    // what was written is to count: it is seen what that changes, and saved
    await notice.getByRole('button', { name: 'Garder les miennes' }).click();
    await page.getByRole('button', { name: 'Enregistrer les règles' }).click();
    await page.getByText('Les règles sont enregistrées.').waitFor();
    expect((await regles.getEnVigueur({ organisationId })).niveaux.map(({ delai }) => delai)).toEqual([
      'P15D',
      'P25D',
    ]);
    expect(faults).toEqual([]);
  });

  test('the policy of retries is changed with what that moves, and so is the rule for first follow-ups', async () => {
    const { organisationId, clientId, invoices } = await ground();
    const payments = stack.client('payments', PaymentServiceService);
    const payment = await payments.create({
      organisationId,
      clientId,
      montant: 124_000n,
      invoiceId: invoices[0]!.id,
    });
    await payments.reject({ id: payment.id, motifRejet: 'AM04' });
    await until('the retries', () => retries.getSchedule({ id: payment.id }));
    const { page, faults } = await openPage();
    await page.goto(`${url}/regles?org=${organisationId}&vue=representations`);
    await signIn(page, 'alice');
    await page.getByText(/AM04\s: présentations 2e J\+5, 3e J\+10, 4e J\+20 après le rejet/).waitFor();
    const delays = page.getByRole('textbox', { name: 'Jours après le rejet', exact: true });
    await delays.fill('7, 3');
    await page.getByRole('textbox', { name: 'Remises à' }).fill('25 h');
    await page.getByRole('button', { name: 'Voir ce que cela change' }).click();
    // all faults at once
    await page.getByText('Des jours croissants').waitFor();
    await page.getByText('Écrivez une heure').waitFor();
    await delays.fill('7, 14');
    await page.getByRole('textbox', { name: 'Remises à' }).fill('9h30');
    await page.getByRole('button', { name: 'Voir ce que cela change' }).click();
    const whatIf = page.getByRole('region', { name: 'Ce que cela change' });
    await whatIf
      .getByText(/plus tard/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Motif', exact: true }).fill('moins de frais');
    await page.getByRole('button', { name: 'Enregistrer les règles' }).click();
    await page.getByRole('button', { name: 'La déplacer aux nouvelles règles' }).click();
    await page.getByRole('strong').filter({ hasText: '1 déplacée.' }).waitFor();
    expect((await retries.getSchedule({ id: payment.id })).politique!.delaisJours).toEqual([7, 14]);

    await page.getByRole('radio', { name: 'Premiers suivis' }).click();
    await page.getByRole('textbox', { name: 'Tâche après la création' }).fill('3 j');
    await page.getByText(/Tâche 3\sjours après la création du client/).waitFor();
    await page.getByRole('button', { name: 'Enregistrer les règles' }).click();
    await page.getByText('Règles propres à cette organisation.').waitFor();
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)(
    'axe has nothing serious against the rules at %i px, %s',
    async (width, colorScheme) => {
      const { organisationId } = await ground();
      const { page, faults } = await openPage({ width, colorScheme });
      await page.goto(`${url}/regles?org=${organisationId}`);
      await signIn(page, 'alice');
      await page.getByRole('button', { name: 'Modifier le niveau 1' }).click();
      await page.getByRole('textbox', { name: 'Délai' }).fill('9');
      await page.getByRole('button', { name: 'Voir ce que cela change' }).click();
      await page.getByText('3 plus tôt').waitFor();
      await page.getByText('Tableau par jour').click();
      expect(await complaints(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      if (process.env.PICTURES)
        await page.screenshot({
          path: `${process.env.PICTURES}/rules-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      await page.goto(`${url}/regles?org=${organisationId}&vue=representations`);
      await page.getByText(/AM04/).first().waitFor();
      expect(await complaints(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      if (process.env.PICTURES)
        await page.screenshot({
          path: `${process.env.PICTURES}/retries-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      expect(faults).toEqual([]);
    },
  );
});
