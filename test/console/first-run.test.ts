import { jest } from '@jest/globals';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { Page } from 'playwright-core';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { complaints, openPage, overflow, SCREENS, signIn, whole, withBrowser } from './support/browser.ts';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
const relances = stack.client('relance', RelanceServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
jest.setTimeout(180_000);

afterAll(() => stack.close());

const ago = (days: number) => todayInParis().subtract({ days }).toString().split('-').reverse().join('/');

/** Chooses a file for a step, as somebody does who has it on the desk. */
const choose = (page: Page, label: string, name: string, lines: string[]) =>
  page
    .getByLabel(label)
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n')) });

withBrowser('the first run in a browser', () => {
  test('an empty organisation is led to reminders that run; it is left and gone on with', async () => {
    const nom = unique('Horizon');
    const { page, faults } = await openPage();
    await page.goto(`${url}/demarrage`);
    const alice = unique('Alice');
    await signIn(page, alice);
    await page.getByRole('textbox', { name: 'Nom', exact: true }).fill(nom);
    const code = unique('hz').slice(0, 20);
    await page.getByRole('textbox', { name: 'Code' }).fill(code);
    await page.getByRole('button', { name: 'Créer l’organisation' }).click();
    await page.getByText('0 étapes faites sur 6').waitFor();
    expect(page.url()).toContain(`org=${code}`);

    await page.getByRole('textbox', { name: 'SIREN' }).fill('12');
    await page.getByRole('textbox', { name: 'Raison sociale' }).fill('Horizon SARL');
    await page.getByRole('button', { name: 'Enregistrer la société' }).click();
    await page.getByText('Neuf chiffres').waitFor();
    await page.getByRole('textbox', { name: 'SIREN' }).fill('542 051 180');
    await page.getByRole('button', { name: 'Enregistrer la société' }).click();
    await page.getByRole('button', { name: 'Prendre ces règles' }).click();
    await page.getByText('2 étapes faites sur 6').waitFor();

    // a file with faults: all of them are told, and nothing is created
    const clients = stack.client('clients', ClientBaseServiceService);
    const label = 'Fichier des clients';
    await choose(page, label, 'clients.csv', [
      'Code client;Raison sociale;E-mail',
      'C-1;Boulangerie <b>Perrin;compta@perrin.invalid',
      'C-2;;garage@',
      'C-3;Fleurs;fleurs@amandine.invalid',
    ]);
    await page.getByText('2 à importer, 1 en faute').waitFor();
    await page.getByRole('row').filter({ hasText: 'garage@' }).getByText('en faute').waitFor();
    expect((await clients.list({ organisationId: code })).clients).toEqual([]);
    await choose(page, label, 'clients.csv', [
      'Code client;Raison sociale;E-mail',
      'C-1;Boulangerie <b>Perrin;compta@perrin.invalid',
      'C-2;Garage;garage@tessier.invalid',
    ]);
    await page.getByRole('button', { name: 'Importer les 2 lignes' }).click();
    await page.getByText('3 étapes faites sur 6').waitFor();

    await choose(page, 'Fichier des factures ouvertes', 'factures.csv', [
      'N° facture;Code client;Date facture;Échéance;Montant TTC;Restant dû',
      `ANC-1;C-1;${ago(30)};${ago(3)};1 240,00;1 240,00`,
      `ANC-2;C-2;${ago(90)};${ago(60)};500,00;500,00`,
    ]);
    await page.getByRole('button', { name: 'Importer les 2 lignes' }).click();
    await page.getByText('4 étapes faites sur 6').waitFor();

    // left, and gone on with by what exists
    await page.goto(`${url}/`);
    await page.goto(`${url}/demarrage`);
    await page.getByText('2 factures ouvertes n’ont pas encore de relances.').waitFor();
    await page.getByText(/Partiraient : 0 aujourd’hui/).waitFor();
    await page.getByText(/Pour une, tous les niveaux sont passés/).waitFor();
    await page
      .getByRole('row')
      .filter({ hasText: 'ANC-1' })
      .filter({ hasText: 'Boulangerie <b>Perrin' })
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Commencer les relances de 2 factures' }).click();
    await page.getByText('Tout est en place.').waitFor();
    const { invoices } = await stack.client('factures', InvoiceServiceService).list({ organisationId: code });
    const young = invoices.find(({ numero }) => numero === 'ANC-1')!;
    const plan = await until('the plan', () => relances.get({ id: young.id }));
    expect(plan.niveaux.map(({ motifSaut }) => motifSaut)).toEqual(['', '', '']);
    expect(faults).toEqual([]);
  });
});

whole('all of the first run in a browser', () => {
  test('the demonstration is played with a person’s own name, mails nobody outside, and is thrown away', async () => {
    const { page, faults } = await openPage();
    await page.goto(`${url}/demarrage?org=*`);
    const alice = unique('Alice');
    await signIn(page, alice);
    await page.getByRole('button', { name: 'Jouer la démonstration' }).click();
    await page.getByText('Ceci est une démonstration').waitFor();
    await page.getByText('5 étapes faites sur 6').waitFor();
    const code = new URL(page.url()).searchParams.get('org')!;
    expect(code).toMatch(/^demo-/);
    const running = async () =>
      (await relances.list({ organisationId: code, statut: 'EN_ATTENTE' })).relances.length;
    await until('the reminders', async () => (await running()) >= 9);
    const retries = stack.client('retry', RetryAdminServiceService);
    await until(
      'the retries',
      async () => (await retries.listSchedules({ organisationId: code })).schedules.length === 2,
    );
    const { emails } = await stack.client('email', EmailServiceService).getEmails({ organisationId: code });
    expect(emails.every(({ destinataire }) => destinataire.endsWith('.invalid'))).toBe(true);

    await page.getByRole('button', { name: `Jeter la démonstration ${code}` }).click();
    await page.getByText('La démonstration est jetée.').waitFor();
    expect(await running()).toBe(0);
    const { schedules } = await retries.listSchedules({ organisationId: code });
    expect(schedules.every(({ statut }) => statut === 'ARRETE')).toBe(true);
    expect((await organisations.get({ id: code })).archivee).toBe(true);
    const listed = async (avecArchivees: boolean) => {
      const codes = [];
      let pageToken = '';
      do {
        const answer = await organisations.list({ pageSize: 200, pageToken, avecArchivees });
        codes.push(...answer.organisations.map((one) => one.code));
        pageToken = answer.nextPageToken;
      } while (pageToken);
      return codes.includes(code);
    };
    expect([await listed(false), await listed(true)]).toEqual([false, true]);
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)(
    'axe has nothing serious against the first run at %i px, %s',
    async (width, colorScheme) => {
      const { page, faults } = await openPage({ width, colorScheme });
      const look = async (name: string) => {
        expect(await complaints(page)).toEqual([]);
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        if (process.env.PICTURES)
          await page.screenshot({
            path: `${process.env.PICTURES}/first-run-${name}-${width}-${colorScheme}.png`,
            fullPage: true,
          });
      };
      await page.goto(`${url}/demarrage?org=*`);
      await signIn(page, 'alice');
      await page.getByRole('button', { name: 'Créer l’organisation' }).waitFor();
      await look('new');
      const { code } = await organisations.create({ nom: unique('Horizon') });
      await page.goto(`${url}/demarrage?org=${code}`);
      await page.getByRole('button', { name: 'Enregistrer la société' }).waitFor();
      await look('company');
      await page.getByRole('textbox', { name: 'Raison sociale' }).fill('Horizon SARL');
      await page.getByRole('button', { name: 'Enregistrer la société' }).click();
      await page.getByRole('button', { name: 'Prendre ces règles' }).click();
      await choose(page, 'Fichier des clients', 'clients.csv', [
        'Code client;Raison sociale;E-mail',
        'C-1;Perrin;compta@perrin.invalid',
        'C-2;;garage@',
      ]);
      await page.getByText('1 à importer, 1 en faute').waitFor();
      await look('file');
      await page.getByRole('button', { name: 'Importer la bonne ligne, laisser la fautive' }).click();
      await choose(page, 'Fichier des factures ouvertes', 'factures.csv', [
        'N° facture;Code client;Date facture;Échéance;Montant TTC;Restant dû',
        ...[1, 2, 3, 4].map((n) => `ANC-${n};C-1;${ago(30)};${ago(n)};${n}40,00;${n}40,00`),
      ]);
      await page.getByRole('button', { name: 'Importer les 4 lignes' }).click();
      await page.getByText('4 factures ouvertes n’ont pas encore de relances.').waitFor();
      await look('adoption');
      expect(faults).toEqual([]);
    },
  );
});
