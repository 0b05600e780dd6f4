import { TacheServiceService } from '@crm/proto/activites/activites';
import { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { SocieteServiceService } from '@crm/proto/organisations/organisations';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import { readPdfText } from '@crm/factures/testing/read-pdf-text';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const taches = stack.client('activites', TacheServiceService);
const clients = stack.client('clients', ClientBaseServiceService);
const adresses = stack.client('clients', AdresseServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const societes = stack.client('organisations', SocieteServiceService);
const relances = stack.client('relance', RelanceServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);

afterAll(() => stack.close());

async function letterOf(request: { id: string; dateLimite?: string }): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const { contenu } of factures.downloadMiseEnDemeurePdf(request)) parts.push(contenu);
  return readPdfText(Buffer.concat(parts))
    .replaceAll('\u200b', '')
    .replace(/[\s\u00a0]+/g, ' ');
}

const OVERDUE = { dateFacture: '2026-05-15', dateEcheance: '2026-06-14' };

test('a formal notice that cannot be mailed is a task, once, and its letter can be printed', async () => {
  const organisationId = unique('org');
  await societes.create({
    ...{ organisationId, raisonSociale: 'Énergie & Cie', siren: '732829320', contact: '01 23 45 67 89' },
    ...{ adresse: '1 rue de la Paix\n75002 Paris', paiement: 'Virement : IBAN de test' },
  });
  for (const niveau of [1, 2]) {
    await regles.create({
      ...{
        organisationId,
        niveau,
        delai: 'PT1S',
        base: 'DATE_FACTURE',
        espacement: 'PT0S',
        tousLesJours: true,
      },
      ...{ ouverture: '00:00', fermeture: '00:00', modele: niveau === 1 ? 'relance' : 'mise-en-demeure' },
    });
  }
  const gestionnaireId = unique('user');
  const { id: clientId } = await clients.create({
    ...{ organisationId, gestionnaireId, raisonSociale: 'Boulangerie Le Fournil SARL' },
  });
  await adresses.create({ clientId, ligne1: '12 rue du Four', codePostal: '69002', ville: 'Lyon' });
  const { id, numero } = await factures.create({ organisationId, clientId, montant: 12_000n, ...OVERDUE });
  await until('the reminders', () => relances.get({ id }));
  await until('their end', async () => (await relances.get({ id })).statut === 'ACHEVEE');
  const { taches: asked } = await taches.list({ organisationId, clientId });
  const posts = asked.filter(({ titre }) => titre.includes('mise en demeure'));
  expect(posts).toHaveLength(1);
  expect(posts[0]).toMatchObject({
    titre: `Poster la mise en demeure de la facture ${numero} à Boulangerie Le Fournil SARL`,
    assigneA: gestionnaireId,
    statut: 'A_FAIRE',
  });
  expect(posts[0]!.description).toMatch(/120,00\s€.*le client n’a pas d’adresse e-mail/);
  expect(posts[0]!.description).toContain(`DownloadMiseEnDemeurePdf, id ${id}`);

  const letter = await letterOf({ id, dateLimite: '2098-07-22' });
  for (const said of [
    'Lettre recommandée avec accusé de réception',
    'Boulangerie Le Fournil SARL 12 rue du Four 69002 LYON',
    'Reste à payer 120,00 €',
    'au plus tard le 22 juillet 2098',
    'Comment régler Virement : IBAN de test',
    'nous avant cette date : 01 23 45 67 89.',
  ]) {
    expect(letter).toContain(said);
  }
}, 90_000);

test('there is a letter only of what is overdue, owed, and owed to somebody', async () => {
  const organisationId = unique('org');
  const whose = { organisationId, clientId: unique('client'), montant: 12_000n };
  const overdue = await factures.create({ ...whose, ...OVERDUE });
  expect(await refusalOf(letterOf({ id: overdue.id }))).toMatchObject({ reason: 'SOCIETE' });
  await societes.create({ organisationId, raisonSociale: 'Énergie & Cie' });
  expect(await letterOf({ id: overdue.id })).toContain('MISE EN DEMEURE');
  expect((await refusalOf(letterOf({ id: overdue.id, dateLimite: '2026-06-30' }))).code).toBe(
    'INVALID_ARGUMENT',
  );
  const { id } = await factures.create(whose);
  expect(await refusalOf(letterOf({ id }))).toMatchObject({ reason: 'MISE_EN_DEMEURE' });
  await factures.markAsPaid({ id: overdue.id });
  expect(await refusalOf(letterOf({ id: overdue.id }))).toMatchObject({ reason: 'MISE_EN_DEMEURE' });
});
