import { jest } from '@jest/globals';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import type { Page } from 'playwright-core';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { complaints, openPage, overflow, SCREENS, signIn, tabTo, withBrowser } from './support/browser.ts';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
jest.setTimeout(120_000);

afterAll(() => stack.close());

/** An organisation with an invoice whose first reminder comes in some days, and a task. */
async function ground() {
  const [organisationId, nom] = [unique('org'), unique('Vasseur <b>&')];
  const regles = stack.client('relance', RegleRelanceServiceService);
  for (const [niveau, delai] of [
    [1, 'P5D'],
    [2, 'P12D'],
  ] as const)
    await regles.create({ organisationId, niveau, delai });
  const client = await stack.client('clients', ClientBaseServiceService).create({
    ...{ organisationId, nom, email: uniqueAddress(), telephone: '+33 3 20 11 22 33' },
  });
  const invoice = await stack.client('factures', InvoiceServiceService).create({
    ...{
      organisationId,
      clientId: client.id,
      montant: 124_000n,
      dateEcheance: todayInParis().add({ days: 30 }).toString(),
    },
  });
  const titre = unique('Rappeler');
  await stack.client('activites', TacheServiceService).create({ organisationId, clientId: client.id, titre });
  const relances = stack.client('relance', RelanceServiceService);
  await until('the reminders', () => relances.get({ id: invoice.id }).catch(() => undefined));
  return { organisationId, nom, invoice, titre };
}

/** Opens an invoice by its number; other organisations may have the same. */
async function find(page: Page, { numero, id }: Invoice): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(numero.toLowerCase());
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/(factures\/|recherche)/);
  const link = page.locator(`a[href^="/factures/${id}"]`);
  const heading = page.getByRole('heading', { name: `Facture ${numero}` });
  await heading.or(link).first().waitFor();
  if (await link.count()) {
    await link.focus();
    await page.keyboard.press('Enter');
  }
  await heading.waitFor();
}

withBrowser('in a browser', () => {
  test('by keyboard alone: an invoice is found, a level skipped, and the history says by whom and why', async () => {
    const { nom, invoice } = await ground();
    const { page, faults } = await openPage();
    await page.goto(url);
    const alice = unique('Alice');
    await signIn(page, alice);
    await page.getByRole('heading', { name: 'Aujourd’hui', level: 1 }).waitFor();
    await find(page, invoice);
    // a name with signs of HTML is text
    await page.getByText(nom).waitFor();

    await tabTo(page, page.getByRole('region', { name: 'Relances' }), 'Sauter le niveau');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Sauter le niveau 1' });
    await dialog.waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Écrivez le motif.').waitFor();

    // the session ends while somebody writes
    const reason = page.getByRole('textbox', { name: 'Motif' });
    await reason.fill('Promesse au téléphone');
    await stack.sql('DELETE FROM console.sessions WHERE sub = $1', alice);
    await tabTo(page, dialog, 'Sauter le niveau');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog', { name: 'Votre session est terminée' }).waitFor();
    await signIn(page, alice);
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await reason.inputValue()).toBe('Promesse au téléphone');
    await tabTo(page, dialog, 'Sauter le niveau');
    await page.keyboard.press('Enter');

    await page.getByText('Sautée : Promesse au téléphone').waitFor();
    const history = page.getByRole('region', { name: 'Historique' });
    await history.getByText('Niveau sauté').waitFor();
    await history.getByText(alice).waitFor();
    const relance = await stack.client('relance', RelanceServiceService).get({ id: invoice.id });
    expect(relance.niveaux[0]!.motifSaut).toContain('Promesse au téléphone');

    // nothing of a token is where scripts, or whoever reads over a shoulder, can see it
    const seen = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
    );
    expect(seen).not.toMatch(/eyJ|__Host/);
    expect(faults).toEqual([]);
  });

  test('the agenda shows the reminder, filters hide it and say so, and a task that is done goes', async () => {
    const { organisationId, nom, invoice, titre } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/?org=${organisationId}&jours=30`);
    await signIn(page, 'alice');
    const agenda = page.getByRole('region', { name: 'Aujourd’hui', exact: true });
    const line = agenda.getByRole('button', { name: new RegExp(`Relance.*${invoice.numero}`) });
    await line.first().waitFor();
    await line.first().click();
    await agenda.getByText('Ce qui l’arrêterait').first().waitFor();
    await page.getByRole('textbox', { name: 'Client' }).fill('personne');
    await agenda.getByText('Rien ne correspond aux filtres.').waitFor();
    await page.getByRole('textbox', { name: 'Client' }).fill(nom.toUpperCase());
    await line.first().waitFor();
    expect(page.url()).toContain('client=');

    const tasks = page.getByRole('region', { name: 'À faire' });
    await tasks.getByText('+33 3 20 11 22 33').waitFor();
    await tasks.getByRole('checkbox', { name: `Marquer comme faite : ${titre}` }).press('Space');
    await page.getByText(`Tâche faite : ${titre}`).waitFor();
    await tasks.getByText('Aucune tâche').waitFor();
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)(
    'axe has nothing serious against any screen of %i px, %s',
    async (width, colorScheme) => {
      const { organisationId, invoice } = await ground();
      const { page, faults } = await openPage({ width, colorScheme });
      await page.goto(`${url}/?org=${organisationId}&jours=30`);
      await page.getByRole('button', { name: 'Entrer' }).waitFor();
      const found: Record<string, string[]> = { connexion: await complaints(page) };
      await signIn(page, 'alice');
      await page.getByText(invoice.numero).first().waitFor();
      found.aujourdhui = await complaints(page);
      await page.goto(`${url}/factures/${invoice.id}`);
      await page.getByRole('button', { name: 'Mettre en pause' }).click();
      await page.getByRole('dialog').waitFor();
      found.pause = await complaints(page);
      await page.keyboard.press('Escape');
      found.facture = await complaints(page);
      expect(found).toEqual({ connexion: [], aujourdhui: [], pause: [], facture: [] });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
    },
  );
});
