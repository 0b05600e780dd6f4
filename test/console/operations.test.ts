import { jest } from '@jest/globals';
import { publish } from '@crm/nats';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { FiltreRuns, OpsServiceService } from '@crm/proto/ops/ops';
import { randomUUID } from 'node:crypto';
import { publishEvent } from '../support/publish-event.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { complaints, openPage, overflow, SCREENS, signIn, tabTo, whole } from './support/browser.ts';

const stack = sharedStack();
const url = stack.env.CONSOLE_URL!;
const ops = stack.client('ops', OpsServiceService);

jest.setTimeout(240_000);
afterAll(() => stack.close());

/** Publishes invoices of a client who does not exist: the mail of each is refused. */
async function failing(clientId: string, many: number): Promise<string[]> {
  const nats = await stack.nats();
  const dates = { dateFacture: '2026-11-01', dateEcheance: '2026-11-30' };
  const fields = { organisationId: unique('org'), clientId, montant: 1_000n, ...dates };
  const ids = await Promise.all(
    Array.from({ length: many }, () =>
      publishEvent(
        nats,
        'invoice.created',
        InvoiceCreatedEvent.fromPartial({ ...fields, invoiceId: randomUUID() }),
      ),
    ),
  );
  await until(
    'all to fail',
    async () => {
      const { runs } = await ops.listRuns({
        filtre: FiltreRuns.fromPartial({ clientId, handler: 'email' }),
        pageSize: 500,
      });
      return runs.length === many;
    },
    120_000,
  );
  return ids;
}

whole('Exploitation, in a browser', () => {
  test('by keyboard alone: what failed by one cause runs again, what fails later is untouched, and what still fails is not called done', async () => {
    const clientId = randomUUID();
    await failing(clientId, 12);
    const { page, faults } = await openPage();
    await page.goto(`${url}/exploitation`);
    await signIn(page, 'olga');
    await page.getByRole('heading', { name: 'Exploitation', level: 1 }).waitFor();
    const causes = page.getByRole('region', { name: 'En échec ou en retard, par cause' });
    await causes
      .getByRole('heading', { name: /Nouvelle facture, mail/ })
      .first()
      .waitFor();
    await tabTo(page, causes, /^Relancer \d\d+ : Nouvelle facture, mail/);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Relancer : Nouvelle facture, mail' });
    const meant = await dialog.getByText(/runs sont choisis/).textContent();
    const many = Number(/(\d+) runs/.exec(meant!)![1]);
    expect(many).toBeGreaterThanOrEqual(12);
    // another one fails before the decision
    const other = randomUUID();
    const [untouched] = await failing(other, 1);
    await page.keyboard.type('la messagerie est de retour');
    await tabTo(page, dialog, 'Relancer');
    await page.keyboard.press('Enter');
    const outcomes = page.getByRole('status', { name: 'Ce qui en est résulté' });
    await outcomes.getByText(/échouent encore/).waitFor({ timeout: 120_000 });
    expect(await outcomes.getByText(`${many} échouent encore`).count()).toBe(1);
    const { events } = await (await stack.temporal()).workflow.getHandle(untouched!).fetchHistory();
    expect(events!.filter(({ workflowExecutionSignaledEventAttributes: signal }) => signal)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('a message that is no event is discarded with a reason', async () => {
    const content = unique('kaputt');
    await publish(await stack.nats(), 'crm.events.client.created', randomUUID(), Buffer.from(content));
    const hex = Buffer.from(content).toString('hex');
    await until('the dead letter', async () =>
      (await ops.listDeadLetters({ pageSize: 500 })).deadLetters.some(({ octets }) => octets === hex),
    );
    const { page, faults } = await openPage();
    await page.goto(`${url}/exploitation`);
    await signIn(page, 'olga');
    const letters = page.getByRole('region', { name: 'Messages mis de côté' });
    const row = letters.getByRole('row').filter({ hasText: hex });
    await row.getByRole('checkbox').check();
    await letters.getByRole('button', { name: 'Écarter' }).click();
    const dialog = page.getByRole('dialog', { name: 'Écarter 1 message' });
    await dialog.getByRole('button', { name: 'Écarter' }).click();
    await dialog.getByText('Écrivez le motif.').waitFor();
    await dialog.getByRole('textbox', { name: 'Motif' }).fill('un essai');
    await dialog.getByRole('button', { name: 'Écarter' }).click();
    await row.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)('axe, %i px, %s', async (width, colorScheme) => {
    await failing(randomUUID(), 2);
    const { page, faults } = await openPage({ width, colorScheme });
    await page.goto(`${url}/exploitation`);
    await signIn(page, 'olga');
    await page.getByRole('heading', { name: 'Plateforme' }).waitFor();
    await page
      .getByRole('button', { name: /^Voir les runs : Nouvelle facture, mail/ })
      .first()
      .click();
    await page.getByRole('grid').first().waitFor();
    expect(await complaints(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    if (process.env.PICTURES)
      await page.screenshot({
        path: `${process.env.PICTURES}/operations-${width}-${colorScheme}.png`,
        fullPage: true,
      });
    expect(faults).toEqual([]);
  });
});
