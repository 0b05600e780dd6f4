import { jest } from '@jest/globals';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { MandateServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { camt054, endToEndId, entry } from '../support/bank-reports.ts';
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
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);
const retries = stack.client('retry', RetryAdminServiceService);
jest.setTimeout(180_000);

afterAll(() => stack.close());

const DAY = '2026-03-09';
const STORY_MS = 60_000;

/** A client with a mandate, and debits of his: the first is with the bank for an amount that no other has. */
async function ground() {
  const organisationId = unique('org');
  const nom = unique('Vasseur <b>&');
  const client = await stack
    .client('clients', ClientBaseServiceService)
    .create({ organisationId, nom, email: uniqueAddress() });
  const mandate = await mandates.create({
    ...{ organisationId, clientId: client.id, titulaire: nom, dateSignature: '2026-01-15' },
    iban: 'FR1420041010050500013M02606',
  });
  const montant = BigInt(10_000_000 + Math.floor(Math.random() * 80_000_000));
  const invoice = await stack.client('factures', InvoiceServiceService).create({
    ...{ organisationId, clientId: client.id, montant },
    dateEcheance: todayInParis().add({ days: 30 }).toString(),
  });
  const planned = (more: object = {}) =>
    payments.create({
      ...{ organisationId, clientId: client.id, mandatId: mandate.id, montant, datePrevue: DAY, ...more },
    });
  const presented = await planned({ invoiceId: invoice.id });
  await payments.emit({ organisationId, dateCollecte: DAY });
  return { organisationId, nom, mandate, montant, invoice, presented, planned };
}

/** A camt.054 with a return that names no debit of ours, but has the amount of one. */
const unknownReturn = (montant: bigint, id = unique('TRONQUEE')): Buffer =>
  camt054(
    entry({
      ...{ id, reason: 'AM04' },
      more: `<Amt Ccy="EUR">${montant / 100n}.${String(montant % 100n).padStart(2, '0')}</Amt>`,
    }),
  );

withBrowser('in a browser', () => {
  test('by keyboard alone: a camt.054 is given to the page, and its unknown line is closed', async () => {
    const { organisationId, nom, montant, presented, invoice } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/prelevements/rapports?org=${organisationId}`);
    await signIn(page, 'alice');
    await page.getByRole('heading', { name: 'Prélèvements', level: 1 }).waitFor();
    const since = Date.now();

    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choisir des fichiers' }).waitFor();
    await page.keyboard.press('Tab');
    await tabTo(page, page, 'Aller au contenu', 'link');
    await page.keyboard.press('Enter');
    await tabTo(page, page, 'Choisir des fichiers');
    await page.keyboard.press('Enter');
    // one that cannot be read does not stop the others, and says where it is wrong
    await (
      await chooser
    ).setFiles([
      { name: 'faux.xml', mimeType: 'text/xml', buffer: Buffer.from('<Document><oups></Document>') },
      { name: 'camt054.xml', mimeType: 'text/xml', buffer: unknownReturn(montant) },
    ]);
    const dropped = page.getByRole('region', { name: 'Fichiers déposés' });
    await dropped.getByText(/Refusé, rien n’a changé : .*ligne 1/).waitFor();
    await tabTo(page, dropped, 'Clore 1 ligne inconnue', 'link');
    await page.keyboard.press('Enter');

    await page.getByText('Aucun prélèvement remis n’a une de ses références').waitFor();
    await tabTo(page, page.getByRole('grid', { name: 'Lignes inconnues' }), 'Clore');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Qu’est cette ligne ?' });
    const candidate = dialog.getByRole('radio', { name: new RegExp(`Facture ${invoice.numero}`) });
    await candidate.waitFor();
    expect(await dialog.getByText(nom).count()).toBeGreaterThan(0);
    // what is missing is said at its field, all at once
    await tabTo(page, dialog, 'Clore la ligne');
    await page.keyboard.press('Enter');
    await dialog.getByText('Écrivez le motif.').waitFor();
    await candidate.focus();
    await page.keyboard.press('Space');
    await dialog.getByRole('textbox', { name: 'Motif' }).focus();
    await page.keyboard.type('La banque a tronqué la référence');
    await page.keyboard.press('Tab');
    await tabTo(page, dialog, 'Clore la ligne');
    await page.keyboard.press('Enter');
    await page.getByText('Ligne close.').waitFor();
    await page.getByText('Aucune ligne de ce relevé n’attend.').waitFor();
    expect(Date.now() - since).toBeLessThan(STORY_MS);
    expect(await payments.get({ id: presented.id })).toMatchObject({ statut: 'REJETE', motifRejet: 'AM04' });
    expect(faults).toEqual([]);
  });
});

whole('the whole page', () => {
  test('what is sent is what was shown; a stale confirmation is refused; the file is listed and downloaded', async () => {
    const { organisationId, nom, planned } = await ground();
    const day = nextWorkday();
    await planned({ montant: 4_200n });
    await planned({ montant: 100n, datePrevue: todayInParis().add({ days: 60 }).toString() });
    const { page, faults } = await openPage();
    await page.goto(`${url}/prelevements?org=${organisationId}&date=${day}`);
    await signIn(page, 'alice');
    // a debit that was planned for a day that had passed needs no notice
    const sum = page.getByRole('region', { name: 'Prochaine remise' });
    await page.getByRole('tab', { name: /Écartés \(1\)/ }).click();
    await page.getByText('Préavis non respecté').waitFor();
    await page
      .getByRole('grid', { name: 'Écartés' })
      .getByRole('checkbox', { name: new RegExp(nom.slice(0, 7)) })
      .check();
    await page.getByRole('button', { name: 'Présenter sans préavis…' }).click();
    await page.getByRole('textbox', { name: 'Motif' }).fill('Accord du client au téléphone');
    await page.getByRole('button', { name: 'Ajouter au fichier' }).click();
    await sum.getByText('42,00 €').first().waitFor();
    await sum.getByRole('button', { name: 'Remettre à la banque' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remettre à la banque ?' });
    const send = dialog.getByRole('button', { name: /Remettre 1 prélèvement, 42,00/ });
    await send.waitFor();
    const { id: later } = await planned({ montant: 5_000n });
    await payments.marquerPrenotifie({
      id: later,
      datePrevue: DAY,
      prenotifieAt: new Date('2026-02-01T12:00:00Z'),
    });
    await stack.sql(
      `UPDATE payments.payments SET date_prevue = $2, prenotifie_pour = $2 WHERE id = $1`,
      later,
      day,
    );
    await send.click();
    await dialog.getByText('Ce qui serait remis a changé', { exact: false }).waitFor();
    const both = dialog.getByRole('button', { name: /Remettre 2 prélèvements, 92,00/ });
    const download = page.waitForEvent('download');
    await both.click();
    expect((await download).suggestedFilename()).toMatch(/^pain008-.*\.xml$/);
    await page.getByRole('grid', { name: 'Fichiers remis' }).getByText('92,00 €').waitFor();
    const again = page.waitForEvent('download');
    await page
      .getByRole('button', { name: /Télécharger pain008/ })
      .first()
      .click();
    await again;
    expect(faults).toEqual([]);
  });

  test('retries: found by reason, moved with a reason, and continued with another mandate', async () => {
    const { organisationId, nom, mandate, presented } = await ground();
    await payments.reject({ id: presented.id, motifRejet: 'AM04' });
    await until('the retries', () => retries.getSchedule({ id: presented.id }).catch(() => undefined));
    const { page, faults } = await openPage();
    await page.goto(`${url}/prelevements/representations?org=${organisationId}&motif=AM04`);
    await signIn(page, 'alice');
    const row = page.getByRole('row', { name: new RegExp(nom.slice(0, 7)) });
    await row.press('Enter');
    await page.getByRole('button', { name: 'Annuler', exact: true }).click();
    await page.getByRole('textbox', { name: 'Motif' }).fill('Le client change de banque');
    await page.getByRole('dialog').getByRole('button', { name: 'Annuler' }).last().click();
    await page.getByText('Représentations annulées.').waitFor();
    expect(await retries.getSchedule({ id: presented.id })).toMatchObject({ statut: 'ARRETE' });
    await page.getByText('Annulée : Le client change de banque').waitFor();
    expect(mandate.id).toBeTruthy();
    expect(faults).toEqual([]);
  });

  test('a mandate is recorded for a client found by name, checked and revoked; its IBAN is masked', async () => {
    const { organisationId, nom } = await ground();
    const { page, faults } = await openPage();
    await page.goto(`${url}/prelevements/mandats?org=${organisationId}`);
    await signIn(page, 'alice');
    await page.getByRole('button', { name: 'Nouveau mandat' }).click();
    const dialog = page.getByRole('dialog', { name: 'Nouveau mandat' });
    await dialog.getByRole('combobox', { name: 'Client' }).fill(nom.slice(0, 9));
    await page
      .getByRole('option', { name: new RegExp(nom.slice(0, 7)) })
      .first()
      .click();
    await dialog.getByRole('textbox', { name: 'Titulaire du compte' }).fill('Zoé Nouveau');
    await dialog.getByRole('textbox', { name: 'IBAN' }).fill('FR76 3000 6000 0112 3456 7890 188');
    const signed = dialog.getByRole('group', { name: 'Signé le' });
    await signed.getByRole('spinbutton').first().focus();
    await page.keyboard.type('02062026');
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    // the service's fault stands at its field, and what was written stays
    await dialog.getByText(/IBAN/i).nth(1).waitFor();
    await dialog.getByRole('textbox', { name: 'IBAN' }).fill('FR76 3000 6000 0112 3456 7890 189');
    await dialog.getByRole('button', { name: 'Enregistrer' }).click();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /Zoé Nouveau/ });
    await row.getByText('FR76 **** 189').waitFor();
    await row.press('Enter');
    await page.getByRole('button', { name: 'Vérifier' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Vérifier' }).click();
    await page.getByText('Le prélèvement est possible.').waitFor();
    await page.getByRole('button', { name: 'Révoquer' }).click();
    await page.getByRole('textbox', { name: 'Motif' }).fill('Compte fermé');
    await page.getByRole('dialog').getByRole('button', { name: 'Révoquer' }).click();
    await page.getByText('Mandat révoqué.').waitFor();
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)(
    'axe has nothing serious against any part of %i px, %s',
    async (width, colorScheme) => {
      const { organisationId, montant, presented, planned } = await ground();
      await payments.importBankReport({ nomFichier: 'camt.xml', contenu: unknownReturn(montant) });
      const charged = entry({
        ...{ id: endToEndId(presented.id), reason: 'AM04' },
        more: '<Chrgs><Rcrd><Amt Ccy="EUR">7.50</Amt></Rcrd></Chrgs>',
      });
      await payments.importBankReport({ nomFichier: 'frais.xml', contenu: camt054(charged) });
      await planned();
      const { page, faults } = await openPage({ width, colorScheme });
      await page.goto(`${url}/prelevements?org=${organisationId}`);
      await signIn(page, 'alice');
      await page.getByRole('heading', { name: 'Prélèvements', level: 1 }).waitFor();
      const found: Record<string, string[]> = {};
      for (const part of [
        '',
        '/echeances',
        '/fichiers',
        '/rapports',
        '/lignes',
        '/representations',
        '/mandats',
        '/frais',
      ]) {
        await page.goto(`${url}/prelevements${part}?org=${part === '/lignes' ? '*' : organisationId}`);
        await page
          .getByRole('grid')
          .or(page.getByText(/^(Aucun|Rien n)/))
          .first()
          .waitFor();
        found[part] = await complaints(page);
        expect([part, await overflow(page)]).toEqual([part, 0]);
        if (part === '/lignes') {
          await page.getByRole('button', { name: 'Clore' }).last().click();
          await page.getByRole('radio').first().waitFor();
          found.clore = await complaints(page);
        }
      }
      expect(Object.values(found).flat()).toEqual([]);
      expect(faults).toEqual([]);
    },
  );
});

/** The next day that is no weekend. */
function nextWorkday(): string {
  const tomorrow = todayInParis().add({ days: 1 });
  return tomorrow.add({ days: tomorrow.dayOfWeek > 5 ? 8 - tomorrow.dayOfWeek : 0 }).toString();
}
