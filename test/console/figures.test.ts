import { jest } from '@jest/globals';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';
import { complaints, openPage, overflow, SCREENS, signIn, whole } from './support/browser.ts';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
jest.setTimeout(180_000);
afterAll(() => stack.close());

whole('Chiffres', () => {
  test('says what is owed, received and rejected, as pictures, tables and files, on every screen', async () => {
    const organisationId = unique('org');
    const factures = stack.client('factures', InvoiceServiceService);
    const payments = stack.client('payments', PaymentServiceService);
    const today = todayInParis();
    const invoice = await factures.create({
      ...{ organisationId, clientId: unique('client'), montant: 310_000n },
      dateFacture: today.toString(),
    });
    const pay = (montant: bigint) =>
      payments.create({ organisationId, clientId: invoice.clientId, invoiceId: invoice.id, montant });
    await payments.confirm({ id: (await pay(155_000n)).id });
    await payments.reject({ id: (await pay(10_000n)).id, motifRejet: 'AM04' });
    for (const [width, colorScheme] of SCREENS) {
      const { page, faults } = await openPage({ width, colorScheme });
      await page.goto(`${url}/chiffres?org=${organisationId}&mois=6`);
      await signIn(page, 'Camille');
      const dso = page.getByRole('region', { name: 'Délai moyen de paiement (DSO)' });
      // half of what was invoiced this month is owed: half of its days
      const half = (today.day / 2).toLocaleString('fr-FR');
      await dso.getByText(`${half} jours`).waitFor();
      expect(await dso.getByRole('row').count()).toBe(1 + 6);
      const activity = page.getByRole('region', { name: 'Chiffre d’affaires et encaissements' });
      expect((await activity.getByRole('row').last().innerText()).replaceAll(/\s/g, ' ')).toContain(
        '1 550,00 €',
      );
      const rejections = page.getByRole('region', { name: 'Rejets par motif' });
      await rejections.getByText('AM04 · Provision insuffisante').waitFor();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        rejections.getByRole('button', { name: /CSV/ }).click(),
      ]);
      expect(file.suggestedFilename()).toBe('rejets.csv');
      await page.getByRole('radio', { name: '24 mois' }).click();
      await page.waitForURL(/mois=24/);
      if (process.env.PICTURES)
        await page.screenshot({
          path: `${process.env.PICTURES}-${width}-${colorScheme}.png`,
          fullPage: true,
        });
      expect([await complaints(page), await overflow(page), faults]).toEqual([[], 0, []]);
      await page.context().close();
    }
  });
});
