import { jest } from '@jest/globals';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
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
jest.setTimeout(180_000);

afterAll(() => stack.close());

/** A client whose name looks like HTML, with two invoices. */
async function ground() {
  const [organisationId, nom] = [unique('org'), unique('Vasseur <img src=x onerror=alert(1)>')];
  await stack
    .client('relance', RegleRelanceServiceService)
    .create({ organisationId, niveau: 1, delai: 'P5D' });
  const client = await stack.client('clients', ClientBaseServiceService).create({
    ...{ organisationId, nom, email: uniqueAddress(), telephone: '+33 3 20 11 22 33' },
  });
  const factures = stack.client('factures', InvoiceServiceService);
  const dateEcheance = todayInParis().add({ days: 30 }).toString();
  const invoices = [];
  for (const montant of [124_000n, 80_050n])
    invoices.push(await factures.create({ organisationId, clientId: client.id, montant, dateEcheance }));
  const relances = stack.client('relance', RelanceServiceService);
  for (const { id } of invoices)
    await until('the reminders', () => relances.get({ id }).catch(() => undefined));
  return { client, nom, invoices };
}

async function open(page: Page, clientId: string, who: string): Promise<void> {
  await page.goto(`${url}/clients/${clientId}`);
  await signIn(page, who);
  await page.getByRole('region', { name: 'Chronologie' }).getByText('Client créé').waitFor();
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};

withBrowser('the page of a client', () => {
  test('by keyboard alone: a call and a promise are recorded, and are on the timeline and on the agenda', async () => {
    const { client, nom, invoices } = await ground();
    const { page, faults } = await openPage();
    const alice = unique('Alice');
    await open(page, client.id, alice);
    // a name with signs of HTML is text
    await page.getByRole('heading', { name: nom, level: 1 }).waitFor();
    await page.getByRole('region', { name: 'Ce qu’il doit' }).getByText('2 040,50 €').waitFor();

    await press(page, 'c');
    await page.keyboard.type('Rappelle mardi, c’est <b>promis</b>');
    await press(page, 'Tab', 'Tab', 'Enter');
    const timeline = page.getByRole('region', { name: 'Chronologie' });
    const call = timeline.getByRole('listitem').filter({ hasText: 'Rappelle mardi, c’est <b>promis</b>' });
    await call.getByText('Appel', { exact: true }).waitFor();
    await call.getByText(alice).waitFor();

    const holds = page.getByRole('region', { name: 'Promesses, litiges et autres retenues' });
    await tabTo(page, holds, 'Promesse');
    await press(page, 'Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    const day = todayInParis().add({ days: 9 });
    await page.keyboard.type(day.toString().split('-').reverse().join(''));
    await tabTo(page, dialog, 'Motif', 'textbox');
    await page.keyboard.type('Dit au téléphone');
    await tabTo(page, dialog, 'Promesse');
    await press(page, 'Enter');
    const promise = timeline.getByRole('listitem').filter({ hasText: 'Promesse de paiement' });
    await promise.getByText('Dit au téléphone').waitFor();
    await promise.getByText('2 040,50 €').waitFor();
    for (const { numero } of invoices) await promise.getByRole('link', { name: numero }).waitFor();
    await page.getByRole('region', { name: 'À venir' }).getByText('Promesse attendue').waitFor();
    const seen = await page.locator('main').innerText();
    for (const { id } of [client, ...invoices]) expect(seen).not.toContain(id);
    expect(faults).toEqual([]);
  });
});

whole('the page of a client, whole', () => {
  test('a mail is shown as it was sent, and nothing in it runs or is loaded', async () => {
    const { client } = await ground();
    const asked: string[] = [];
    const listener = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const there = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    try {
      await stack.client('email', EmailServiceService, 'alice').sendEmail({
        ...{ organisationId: client.organisationId, clientId: client.id, destinataire: client.email },
        ...{ sujet: 'Votre <b>facture</b>', texte: 'en clair' },
        html:
          `<meta http-equiv="refresh" content="0;url=${there}/refresh"><link rel="stylesheet" href="${there}/css">` +
          `<link rel="preload" as="image" href="${there}/preload"><base href="${there}/">` +
          `<img src="${there}/pixel"><script src="${there}/script"></script><script>fetch('${there}/inline')</script>` +
          `<iframe src="${there}/frame"></iframe><video src="${there}/video" autoplay></video>` +
          `<p style="color:red;background:url(${there}/background)" onclick="location='${there}/click'">Bonjour Zoé</p>` +
          `<form action="${there}/form"><button>Payer</button></form><a href="${there}/link">Voir</a>`,
      });
      const { page } = await openPage();
      await open(page, client.id, 'alice');
      const line = page.getByRole('listitem').filter({ hasText: 'Votre <b>facture</b>' });
      await line.getByRole('button', { name: 'Lire' }).click();
      const frame = page.frameLocator('iframe.mail');
      const text = frame.getByText('Bonjour Zoé');
      const colour = await text.evaluate((element) => getComputedStyle(element).color);
      expect(colour).toBe('rgb(255, 0, 0)');
      await text.click();
      await frame.getByRole('button', { name: 'Payer' }).click();
      await frame.getByRole('link', { name: 'Voir' }).click();
      await page.waitForLoadState('networkidle');
      expect(asked).toEqual([]);
      expect(page.url()).toContain(client.id);
    } finally {
      listener.close();
    }
  });

  test('reminders are stopped with a reason, a refused address is declared good, and both are on the timeline', async () => {
    const { client } = await ground();
    const clients = stack.client('clients', ClientBaseServiceService, 'service:mail');
    await clients.recordEmailRefusal({
      ...{ id: client.id, email: client.email, statut: 'ADRESSE_REFUSEE' },
      raison: '550 no such user',
    });
    const { page, faults } = await openPage();
    await open(page, client.id, unique('alice'));
    const timeline = page.getByRole('region', { name: 'Chronologie' });
    await page.getByText('550 no such user', { exact: true }).waitFor();
    for (const [button, reason, said] of [
      ['Ne plus relancer', 'Demande de la direction', 'Ne plus relancer'],
      ['L’adresse est bonne', 'La boîte était pleine', 'Adresse e-mail déclarée bonne'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByRole('textbox', { name: 'Motif' }).fill(reason);
      await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click();
      await timeline.getByRole('listitem').filter({ hasText: reason }).getByText(said).waitFor();
    }
    await page.getByText('550 no such user', { exact: true }).waitFor({ state: 'detached' });
    // what is to come says no more that nothing can be sent
    await until('the agenda', async () => (await page.getByText('550 no such user').count()) === 0);
    await page.getByRole('button', { name: 'Relancer de nouveau' }).waitFor();
    // what is looked at is in the address
    await page.getByRole('radio', { name: 'E-mails' }).press('Space');
    await timeline.getByText('Ne plus relancer').waitFor({ state: 'detached' });
    expect(page.url()).toContain('voir=courriels');
    expect(faults).toEqual([]);
  });
});

whole('axe', () => {
  test.each<[number, 'light' | 'dark']>(SCREENS)(
    'has nothing serious against the page of a client at %i px, %s',
    async (width, colorScheme) => {
      const { client } = await ground();
      const { page, faults } = await openPage({ width, colorScheme });
      await open(page, client.id, 'alice');
      const found: Record<string, string[]> = { page: await complaints(page) };
      await page.getByRole('button', { name: 'Lire' }).first().click();
      await page.locator('iframe.mail').waitFor();
      found.mail = await complaints(page);
      await page.getByRole('button', { name: /^Note/ }).click();
      await page.getByRole('dialog').waitFor();
      found.note = await complaints(page);
      expect(found).toEqual({ page: [], mail: [], note: [] });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
    },
  );
});
