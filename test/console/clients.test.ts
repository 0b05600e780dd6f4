import { jest } from '@jest/globals';
import { addDays, todayInParis } from '@crm/domain';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { readFile } from 'node:fs/promises';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { complaints, openPage, SCREENS, signIn, tabTo, whole, withBrowser } from './support/browser.ts';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
const clients = stack.client('clients', ClientBaseServiceService);

jest.setTimeout(180_000);
afterAll(() => stack.close());

/** A client with an invoice, in an organisation of its own. */
async function ground() {
  const organisationId = unique('org');
  const raisonSociale = unique('Cœur & <i>Fils</i>');
  const client = await clients.create({
    ...{ organisationId, raisonSociale, prenom: 'Léa', nom: 'Dupré', email: uniqueAddress() },
  });
  const invoice = await stack
    .client('factures', InvoiceServiceService)
    .create({ organisationId, clientId: client.id, montant: 124_050n });
  return { organisationId, raisonSociale, client, invoice };
}

withBrowser('in a browser', () => {
  test('by keyboard alone, in less than a minute: a client is found by an invoice number, by a name without accents, and by an amount', async () => {
    const { organisationId, raisonSociale, client, invoice } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/clients?org=${organisationId}`);
    await signIn(page, 'alice');
    await page.getByRole('grid', { name: 'Clients' }).getByText(raisonSociale).waitFor();
    const began = Date.now();
    await page.keyboard.press('/');
    await page.keyboard.type(invoice.numero.toLowerCase().replaceAll('-', ''));
    // several organisations may have this number: theirs are on the page of results
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/(recherche|factures\/)/);
    const link = page.locator(`a[href^="/factures/${invoice.id}"]`);
    if (page.url().includes('/recherche')) {
      await link.waitFor();
      await link.focus();
      await page.keyboard.press('Enter');
    }
    await page.getByRole('heading', { name: `Facture ${invoice.numero}` }).waitFor();
    await page.getByText(raisonSociale).first().waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type(raisonSociale.toLowerCase().replace('œ', 'oe'));
    const option = page.getByRole('option', { name: new RegExp(raisonSociale.slice(0, 4)) }).first();
    await option.getByText('Léa Dupré').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/clients/${client.id}`));
    expect(Date.now() - began).toBeLessThan(60_000);

    await page.goto(`${url}/recherche?texte=1240,50&org=${organisationId}`);
    await link.first().waitFor();
    expect(faults).toEqual([]);
  });
});

whole('the list of clients', () => {
  test('the address is the view; rows are gone through by keyboard; a view is kept; the file has them all', async () => {
    const { organisationId, client } = await ground();
    for (let count = 0; count < 130; count += 1)
      await clients.create({ organisationId, raisonSociale: `Société ${count}`, email: uniqueAddress() });
    const { page, faults } = await openPage();
    await page.goto(`${url}/clients?org=${organisationId}`);
    await signIn(page, 'alice');
    const table = page.getByRole('grid', { name: 'Clients' });
    await table.getByText('Société 129').waitFor();
    expect(await table.getByRole('row').count()).toBeLessThan(80);
    await tabTo(page, table, 'Société 129', 'link');
    await page.keyboard.press('Shift+Tab');
    // each End goes to the last row that is loaded, and the next page comes
    await until('the last page', async () => {
      await page.keyboard.press('End');
      return await table.getByText('Société 0', { exact: true }).isVisible();
    });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Exporter en CSV' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(132);

    await page.getByRole('textbox', { name: 'Filtrer' }).fill('coeur fils');
    await page.waitForURL(/texte=coeur/);
    await table.getByText('Léa Dupré').waitFor();
    await page.getByRole('button', { name: 'Garder cette vue' }).click();
    await page.getByRole('textbox', { name: 'Nom de la vue' }).fill('Les cœurs');
    await page.keyboard.press('Enter');
    await page.getByText('Vue gardée : Les cœurs').waitFor();
    await page.getByRole('button', { name: 'Effacer les filtres' }).click();
    await table.getByText('Société 129').waitFor();
    await page.getByRole('link', { name: 'Les cœurs' }).click();
    await page.waitForURL(/texte=coeur/);
    await table.getByText('Léa Dupré').waitFor();
    await table.getByRole('row').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/clients/${client.id}`));
    expect(faults).toEqual([]);
  });

  test.each(SCREENS)('axe has nothing serious against them at %i px, %s', async (width, colorScheme) => {
    const { organisationId } = await ground();
    const { page, faults } = await openPage({ width, colorScheme });
    await page.goto(`${url}/clients?org=${organisationId}`);
    await signIn(page, 'alice');
    await page.getByRole('grid', { name: 'Clients' }).getByText('Léa Dupré').waitFor();
    const shot = (name: string) =>
      process.env.PICTURES &&
      page.screenshot({ path: `${process.env.PICTURES}-${name}-${width}-${colorScheme}.png` });
    await shot('clients');
    const found = { clients: await complaints(page) } as Record<string, string[]>;
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Au clavier' }).waitFor();
    await shot('clavier');
    found.clavier = await complaints(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('coeur fils');
    await page.getByRole('option').first().waitFor();
    await shot('recherche');
    // an open list hides what is around it from screen readers, and closes when the focus leaves: not what this rule is for
    found.recherche = (await complaints(page)).filter((text) => !text.startsWith('aria-hidden-focus'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recherche : coeur fils' }).waitFor();
    await page.getByRole('region', { name: 'Clients' }).waitFor();
    await shot('resultats');
    found.resultats = await complaints(page);
    expect(found).toEqual({ clients: [], clavier: [], recherche: [], resultats: [] });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(faults).toEqual([]);
  });
});

whole('the aging balance', () => {
  test.each(SCREENS)(
    'what is late stands in its column, on the days after the invoice only, at %i px, %s',
    async (width, colorScheme) => {
      const organisationId = unique('org');
      const raisonSociale = unique('Zola & Fils');
      const client = await clients.create({ organisationId, raisonSociale, email: uniqueAddress() });
      const ago = (days: number) => addDays(todayInParis(), -days);
      await stack.client('factures', InvoiceServiceService).create({
        ...{ organisationId, clientId: client.id, montant: 124_050n },
        ...{ dateFacture: ago(75), dateEcheance: ago(45) },
      });
      const { page, faults } = await openPage({ width, colorScheme });
      await page.goto(`${url}/clients?org=${organisationId}`);
      await signIn(page, 'alice');
      await page.getByRole('radio', { name: 'Balance âgée' }).click();
      await page.waitForURL(/vue=balance/);
      const table = page.getByRole('grid', { name: 'Balance âgée' });
      await table.getByRole('link', { name: raisonSociale }).waitFor();
      const cells = async (row: number) =>
        (await table.getByRole('row').nth(row).getByRole('gridcell').allInnerTexts()).map((text) =>
          text.replace(/\s/g, ' ').trim(),
        );
      // the headings are not there on a phone
      const first = (await table.getByRole('columnheader').count()) > 0 ? 1 : 0;
      const late = ['0,00 €', '0,00 €', '1 240,50 €', '0,00 €', '0,00 €', '1 240,50 €'];
      expect(await cells(first)).toEqual(late);
      expect(await cells(first + 1)).toEqual(late);
      if (process.env.PICTURES)
        await page.screenshot({ path: `${process.env.PICTURES}-balance-${width}-${colorScheme}.png` });
      expect(await complaints(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Exporter en CSV' }).click(),
      ]);
      expect(await readFile(await download.path(), 'utf8')).toContain(
        `${raisonSociale};0,00;0,00;1240,50;0,00;0,00;1240,50\r\n`,
      );

      await page.goto(`${url}/clients?org=${organisationId}&vue=balance&par=responsable&date=${ago(60)}`);
      await table.getByText('Sans responsable').waitFor();
      expect(await cells(first)).toEqual([
        ...['1 240,50 €', '0,00 €', '0,00 €', '0,00 €', '0,00 €', '1 240,50 €'],
      ]);
      await page.goto(`${url}/clients?org=${organisationId}&vue=balance&date=${ago(76)}`);
      await page.getByText('Rien n’était dû le').waitFor();
      expect(faults).toEqual([]);
    },
  );
});
