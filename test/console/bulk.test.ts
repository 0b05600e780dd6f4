import { jest } from '@jest/globals';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { ground } from '../support/ground.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { complaints, openPage, overflow, SCREENS, signIn, tabTo, whole } from './support/browser.ts';

const stack = sharedStack();
const { services, ...platform } = ground(stack);
const { relances } = services;
const taches = stack.client('activites', TacheServiceService);
const url = stack.env.CONSOLE_URL!;
jest.setTimeout(240_000);

afterAll(() => stack.close());

/** Two clients with two open invoices each. */
async function prepared() {
  const whose = await platform.prepareClient({ raisonSociale: 'Boulangerie Martin' });
  const { organisationId } = whose;
  for (const niveau of [1, 2, 3])
    await stack
      .client('relance', RegleRelanceServiceService)
      .create({ organisationId, niveau, delai: `P${15 * niveau}D` });
  const other = await services.clients.create({
    organisationId,
    raisonSociale: 'Garage Petit',
    nom: 'Petit',
  });
  const invoices = [];
  for (const clientId of [whose.clientId, whose.clientId, other.id, other.id])
    invoices.push(await platform.issueInvoice({ organisationId, clientId }));
  for (const { id } of invoices) await until('the plan', () => relances.get({ id }).catch(() => undefined));
  return { ...whose, invoices };
}

whole('many at once', () => {
  test('by keyboard alone: a filter, all that match, one reason, a result for each; who has changed meanwhile is refused', async () => {
    const { organisationId, invoices } = await prepared();
    const { page, faults } = await openPage();
    await page.goto(`${url}/actions-groupees?org=${organisationId}`);
    const alice = unique('alice');
    await signIn(page, alice);
    await page.getByText('4 suivis correspondent au filtre').waitFor();

    // the other client is hidden, so it is not touched
    await page.getByRole('textbox', { name: 'Client' }).focus();
    await page.keyboard.type('boulangerie');
    await page.getByText('2 suivis correspondent au filtre').waitFor();
    await tabTo(page, page, 'Choisir les 2 lignes affichées', 'checkbox');
    await page.keyboard.press('Space');
    await page.getByText('2 choisies').waitFor();
    const bar = page.getByRole('group', { name: 'Sélection' });
    await bar.getByText('2 400,00 €').waitFor();
    // somebody else is faster with one of them
    const [first, second] = invoices as [(typeof invoices)[number], (typeof invoices)[number]];
    await stack.client('relance', RelanceServiceService, 'bob').pause({ id: first.id, motif: 'litige' });
    await bar.getByRole('button', { name: 'Sauter le niveau' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Sauter le prochain niveau de 2 relances' });
    await dialog.getByText('1 peuvent être faits, 1 serait refusé.').waitFor();
    await dialog.getByText(/mises en pause par bob/).waitFor();
    await tabTo(page, dialog, 'Motif', 'textbox');
    await page.keyboard.type('fermeture annuelle');
    await tabTo(page, dialog, 'Sauter le niveau');
    await page.keyboard.press('Enter');
    await dialog.getByText('1 fait, 1 non faits : voici pourquoi.').waitFor();
    await dialog.getByText(first.numero).waitFor();

    await tabTo(page, dialog, 'Réessayer');
    await page.keyboard.press('Enter');
    const again = page.getByRole('dialog', { name: 'Sauter le prochain niveau', exact: true });
    await again.getByText('Tous peuvent être faits.').waitFor();
    await tabTo(page, again, 'Motif', 'textbox');
    await page.keyboard.type('fermeture annuelle, lui aussi');
    await tabTo(page, again, 'Sauter le niveau');
    await page.keyboard.press('Enter');
    await again.getByText('1 fait, aucun refus.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Rien n’est choisi.').waitFor();
    const levels = await Promise.all(
      invoices.map(async ({ id }) => (await relances.get({ id })).prochainNiveau),
    );
    expect(levels).toEqual([2, 2, 1, 1]);
    expect((await relances.get({ id: second.id })).niveaux[0]!.motifSaut).toBe('fermeture annuelle');
    expect(faults).toEqual([]);
  });

  test('what matches since the list was read is not touched, and the page says so', async () => {
    const whose = await prepared();
    const { page } = await openPage();
    await page.goto(`${url}/actions-groupees?org=${whose.organisationId}`);
    await signIn(page, 'alice');
    await page.getByText('4 suivis correspondent au filtre').waitFor();
    const late = await platform.issueInvoice(whose);
    await until('its plan', () => relances.get({ id: late.id }).catch(() => undefined));
    await page.getByRole('checkbox', { name: 'Choisir les 4 lignes affichées' }).check();
    await page.getByRole('button', { name: 'Mettre en pause' }).click();
    const dialog = page.getByRole('dialog', { name: 'Mettre en pause 4 relances' });
    await dialog.getByText('un autre correspond au filtre : il n’est pas touché').waitFor();
    await dialog.getByRole('textbox', { name: 'Motif' }).fill('congés');
    await dialog.getByRole('button', { name: 'Mettre en pause' }).click();
    await dialog.getByText('4 faits, aucun refus.').waitFor();
    expect((await relances.get({ id: late.id })).statut).toBe('EN_ATTENTE');
  });

  test('tasks by keyboard alone: a call is noted, one is put off, one is given to somebody', async () => {
    const whose = await prepared();
    const { organisationId, clientId } = whose;
    const ines = await stack.client('users', UtilisateurServiceService).create({
      ...{ organisationId, prenom: 'Inès', nom: unique('Durand'), email: `${unique('ines')}@example.org` },
    });
    const make = (titre: string) => taches.create({ organisationId, clientId, titre });
    const [call, later, given] = [await make('Appeler A'), await make('Relire B'), await make('Écrire C')];
    const { page, faults } = await openPage();
    await page.goto(`${url}/?org=${organisationId}`);
    const alice = unique('alice');
    await signIn(page, alice);
    const tasks = page.getByRole('region', { name: 'À faire' });
    await tasks.getByText('3 tâches').waitFor();

    // from the filter of the tasks on: the way there is that of the other pages
    await tasks.getByRole('button', { name: /De qui/ }).focus();
    await tabTo(page, tasks, `Noter l’appel : ${call.titre}`);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await tabTo(page, dialog, 'Ce qui a été dit (facultatif)', 'textbox');
    await page.keyboard.type('rappelle lundi');
    await tabTo(page, dialog, 'Noter l’appel');
    await page.keyboard.press('Enter');
    await tasks.getByText('2 tâches').waitFor();
    expect(await taches.get({ id: call.id })).toMatchObject({
      ...{ statut: 'TERMINEE', resultat: 'JOINT', note: 'rappelle lundi' },
    });

    const choose = async (titre: string, deed: string) => {
      await tabTo(page, tasks, `Autres actions : ${titre}`);
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: deed }).focus();
      await page.keyboard.press('Enter');
      await dialog.waitFor();
    };
    await choose('Relire B', 'Déplacer');
    await page.keyboard.type('15062027');
    await tabTo(page, dialog, 'Déplacer');
    await page.keyboard.press('Enter');
    await tasks.getByText('1 tâche', { exact: true }).waitFor();
    expect((await taches.get({ id: later.id })).echeance!.toISOString()).toMatch(/^2027-06-15/);

    await choose('Écrire C', 'Confier à quelqu’un');
    await tabTo(page, dialog, /À qui/);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: `Inès ${ines.nom}` }).focus();
    await page.keyboard.press('Enter');
    await tabTo(page, dialog, 'Confier à quelqu’un');
    await page.keyboard.press('Enter');
    await tasks.getByText(`à Inès ${ines.nom}`).waitFor();
    expect((await taches.get({ id: given.id })).assigneA).toBe(ines.id);
    expect(faults).toEqual([]);
  });

  test.each<[number, 'light' | 'dark']>(SCREENS)('axe: %i px, %s', async (width, colorScheme) => {
    const { organisationId } = await prepared();
    const { page, faults } = await openPage({ width, colorScheme });
    await page.goto(`${url}/actions-groupees?org=${organisationId}`);
    await signIn(page, 'alice');
    await page.getByText('4 suivis correspondent au filtre').waitFor();
    const found = { liste: await complaints(page), lot: [] as string[] };
    await page
      .getByRole('checkbox', { name: /^Choisir F-/ })
      .first()
      .check();
    await page.getByRole('button', { name: 'Mettre en pause' }).click();
    await page.getByText('Tous peuvent être faits.').waitFor();
    found.lot = await complaints(page);
    expect(found).toEqual({ liste: [], lot: [] });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
  });
});
