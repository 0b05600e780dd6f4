import { jest } from '@jest/globals';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
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
const relances = stack.client('relance', RelanceServiceService);
const attentes = stack.client('relance', AttenteRelanceServiceService);
const payments = stack.client('payments', PaymentServiceService);
jest.setTimeout(240_000);

afterAll(() => stack.close());

/** Two open invoices of a client, with reminders by three levels. */
async function ground() {
  const [organisationId, nom] = [unique('org'), unique('Vasseur')];
  const regles = stack.client('relance', RegleRelanceServiceService);
  for (const [niveau, delai] of [
    [1, 'P5D'],
    [2, 'P12D'],
    [3, 'P40D'],
  ] as const)
    await regles.create({ organisationId, niveau, delai });
  const client = await stack.client('clients', ClientBaseServiceService).create({
    ...{ organisationId, nom, email: uniqueAddress() },
  });
  const factures = stack.client('factures', InvoiceServiceService);
  const issue = async (montant: bigint) => {
    const dateEcheance = todayInParis().add({ days: 20 }).toString();
    const invoice = await factures.create({ organisationId, clientId: client.id, montant, dateEcheance });
    await until('the reminders', () => relances.get({ id: invoice.id }).catch(() => undefined));
    return invoice;
  };
  return { organisationId, client, nom, invoice: await issue(124_000n), other: await issue(76_000n) };
}

async function openInvoice(page: Page, id: string, nom: string): Promise<void> {
  await page.goto(`${url}/factures/${id}`);
  await signIn(page, nom);
  await page.getByRole('region', { name: 'Relances' }).getByText('Prochaine, le').first().waitFor();
}

/** The day as somebody writes it into the parts of a date. */
const written = (days: number): string => {
  const { day, month, year } = todayInParis().add({ days });
  return `${String(day).padStart(2, '0')}${String(month).padStart(2, '0')}${year}`;
};

const submit = async (page: Page, dialog: Locator, name: string) => {
  await tabTo(page, dialog, name);
  await page.keyboard.press('Enter');
};

withBrowser('the page of an invoice', () => {
  test('by keyboard alone: a promise about two invoices is recorded, and the agenda has changed', async () => {
    const { organisationId, invoice, other } = await ground();
    const { page, faults } = await openPage();
    const alice = unique('alice');
    await openInvoice(page, invoice.id, alice);
    const holds = page.getByRole('region', { name: 'Promesses, litiges' });
    await tabTo(page, holds, 'Promesse');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Noter une promesse de paiement' });
    await dialog.waitFor();
    await page.keyboard.type(written(6));
    await dialog.getByText(/1\s240,00\s€\) attendent le .*, puis deux jours ouvrés/).waitFor();
    await tabTo(page, dialog, new RegExp(other.numero), 'checkbox');
    await page.keyboard.press('Space');
    await dialog.getByText(/ces 2 factures \(2\s000,00\s€\)/).waitFor();
    await tabTo(page, dialog, 'Motif', 'textbox');
    await page.keyboard.type('promis au téléphone');
    await submit(page, dialog, 'Promesse');
    await dialog.waitFor({ state: 'detached' });
    await holds.getByText(/promesse de 2\s000,00\s€/).waitFor();
    await page.getByRole('region', { name: 'Relances' }).getByText('Retenues').waitFor();
    const { attentes: open } = await attentes.list({ organisationId, ouvertes: true });
    expect(open).toMatchObject([{ genre: 'PROMESSE', montant: 200_000n, motif: 'promis au téléphone' }]);
    expect([...open[0]!.invoiceIds].sort()).toEqual([invoice.id, other.id].sort());

    await page.goto(`${url}/?org=${organisationId}&jours=30`);
    const agenda = page.getByRole('region', { name: 'Aujourd’hui', exact: true });
    await agenda.getByText('Promesse attendue').first().waitFor();
    await agenda.getByText('retenue', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);
  });
});

whole('the page of an invoice, whole', () => {
  test('two people at once: the stale click is refused with what has changed and by whom, and the text stays', async () => {
    const { invoice } = await ground();
    const [alice, bob] = [unique('alice'), unique('bob')];
    const [one, two] = [await openPage(), await openPage()];
    await openInvoice(one.page, invoice.id, alice);
    await openInvoice(two.page, invoice.id, bob);
    const act = async (page: Page, button: string, titre: string | RegExp, motif: string) => {
      await page.getByRole('button', { name: button, exact: true }).click();
      const dialog = page.getByRole('dialog', { name: titre });
      await dialog.getByRole('textbox', { name: 'Motif' }).fill(motif);
      return dialog;
    };
    const skip = await act(one.page, 'Sauter le niveau', 'Sauter le niveau 1', 'déjà appelé');
    await skip.getByText('Le niveau 2 devient le prochain, voulu le').waitFor();
    const pause = await act(two.page, 'Mettre en pause', 'Mettre les relances en pause', 'litige en cours');
    await submit(two.page, pause, 'Mettre en pause');
    await pause.waitFor({ state: 'detached' });

    await submit(one.page, skip, 'Sauter le niveau');
    const refusal = skip.getByRole('alert');
    await refusal.getByText(new RegExp(`mises en pause par ${bob} le .*\\(litige en cours\\)`)).waitFor();
    expect(await skip.getByRole('textbox', { name: 'Motif' }).inputValue()).toBe('déjà appelé');
    expect((await relances.get({ id: invoice.id })).niveaux[0]!.motifSaut).toBe('');
    // the page behind shows it as well, and who still wants it says so again
    await one.page.getByText('En pause jusqu’à la reprise').waitFor();
    await submit(one.page, skip, 'Sauter le niveau');
    await skip.waitFor({ state: 'detached' });
    const history = one.page.getByRole('region', { name: 'Historique' });
    await history.getByText('Niveau sauté').waitFor();
    await history.getByText('déjà appelé').waitFor();
    await history.getByText(bob).waitFor();
    expect([...one.faults, ...two.faults]).toEqual([]);
  });

  test('the next mail is shown in a frame that does nothing; rules, holds, downloads', async () => {
    const { organisationId, client, invoice } = await ground();
    const { page, faults } = await openPage();
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== url) foreign.push(request.url());
    });
    await openInvoice(page, invoice.id, unique('alice'));
    await page.getByRole('button', { name: 'Voir le prochain envoi' }).click();
    const preview = page.getByRole('dialog', { name: 'Prochain envoi' });
    await preview.getByText(client.email).waitFor();
    const frame = preview.locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    await frame.contentFrame().getByText(invoice.numero).first().waitFor();
    const answer = await page.request.get(`${url}/courriels/relances/${invoice.id}`);
    expect(answer.headers()['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    await page.keyboard.press('Escape');

    // what would change is shown before: a level more
    await stack
      .client('relance', RegleRelanceServiceService)
      .create({ organisationId, niveau: 4, delai: 'P50D' });
    await page.getByRole('button', { name: 'Autres actions' }).click();
    await page.getByRole('menuitem', { name: 'Passer aux règles en vigueur' }).click();
    const rules = page.getByRole('dialog', { name: 'Passer aux règles en vigueur' });
    const line = rules.getByRole('row', { name: /^4/ });
    await line.getByText('rien').waitFor();
    await rules.getByRole('textbox', { name: 'Motif' }).fill('nouvelles règles');
    await submit(page, rules, 'Passer aux règles en vigueur');
    await page.getByText('Niveau 4', { exact: false }).first().waitFor();

    // a wrong amount is said at its field
    await page.getByRole('button', { name: 'Promesse' }).click();
    const promise = page.getByRole('dialog', { name: 'Noter une promesse de paiement' });
    await promise.getByRole('textbox', { name: 'Montant promis' }).fill('5000');
    await submit(page, promise, 'Promesse');
    await promise.getByText(/Au plus 1\s?240,00\s€\./).waitFor();
    await page.keyboard.press('Escape');

    const { id } = await attentes.create({
      invoiceIds: [invoice.id],
      genre: 'LITIGE',
      motif: 'prix contesté',
    });
    const paid = { organisationId, clientId: client.id, invoiceId: invoice.id, montant: 4_000n };
    const { id: paymentId } = await payments.create(paid);
    await payments.reject({ id: paymentId, motifRejet: 'AM04' });
    await page.reload();
    const holds = page.getByRole('region', { name: 'Promesses, litiges' });
    await holds.getByText('prix contesté').waitFor();
    await page.getByText('AM04 : Provision insuffisante').waitFor();
    await holds.getByRole('button', { name: /^Lever : / }).click();
    const lift = page.getByRole('dialog', { name: 'Lever la retenue' });
    await lift.getByRole('textbox', { name: 'Motif' }).fill('accord trouvé');
    await submit(page, lift, 'Lever');
    await holds.getByText('levée', { exact: true }).waitFor();
    expect(await attentes.get({ id })).toMatchObject({ leveeMotif: 'accord trouvé' });

    for (const [button, signature] of [
      ['Facture en PDF', '%PDF'],
      [/^Dossier de la facture/, 'PK'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      expect(download.suggestedFilename()).toContain(invoice.numero);
      expect(
        readFileSync(await download.path())
          .subarray(0, signature.length)
          .toString(),
      ).toBe(signature);
    }
    expect(foreign.filter((address) => !address.startsWith('blob:'))).toEqual([]);
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)('axe: %i px, %s', async (width, colorScheme) => {
    const { invoice } = await ground();
    await attentes.create({ invoiceIds: [invoice.id], genre: 'LITIGE', motif: 'prix contesté' });
    const { page, faults } = await openPage({ width, colorScheme });
    await openInvoice(page, invoice.id, unique('alice'));
    const found: Record<string, string[]> = { facture: await complaints(page) };
    for (const [button, title] of [
      ['Voir le prochain envoi', 'Prochain envoi'],
      ['Promesse', 'Noter une promesse de paiement'],
      ['Échéancier', 'Noter un échéancier convenu'],
      [/^Lever : /, 'Lever la retenue'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog', { name: title }).waitFor();
      found[title] = await complaints(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect(Object.values(found).flat()).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });
});
