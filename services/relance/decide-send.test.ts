import { FORMAL_NOTICE } from '@crm/domain';
import { Client, StatutEmailClient } from '@crm/proto/clients/clients';
import { Invoice, StatutFacture } from '@crm/proto/factures/factures';
import { CanalRelance, NiveauRelance, type TacheRelance } from '@crm/proto/relance/relance';
import { decideSend } from './decide-send.ts';
import type { Held } from './held-back.ts';

const now = new Date('2026-06-30T07:00:00Z');
const niveaux = [
  NiveauRelance.fromPartial({ niveau: 1, modele: 'rappel' }),
  NiveauRelance.fromPartial({ niveau: 2, modele: FORMAL_NOTICE }),
  NiveauRelance.fromPartial({ niveau: 3, canal: CanalRelance.APPEL }),
  NiveauRelance.fromPartial({ niveau: 4, canal: CanalRelance.LETTRE, modele: FORMAL_NOTICE }),
];
const whole = { attente: '', montantPreleve: 0n, preleveLe: '' };

type Truth = {
  niveau?: number;
  prochainNiveau?: number;
  prochaineAt?: Date | null;
  invoice?: object;
  /** Null: there is none. */
  client?: object | null;
  levels?: NiveauRelance[];
  held?: Held;
};

/** By default the first level is due, of a client with an address, who owes the whole invoice. */
function decided({ niveau = 1, prochainNiveau = niveau, prochaineAt = now, ...truth }: Truth) {
  const { invoice = {}, client = {}, held = whole, levels = niveaux } = truth;
  const row = { cycle: 3, niveaux: levels, prochainNiveau, prochaineAt };
  return decideSend(
    {
      row,
      invoice: Invoice.fromPartial({
        ...{ id: 'f', numero: 'F-1', restantDu: 12_000n },
        ...{ dateFacture: '2026-06-15', dateEcheance: '2026-07-15' },
        ...invoice,
      }),
      client: client
        ? Client.fromPartial({ email: 'zoe@example.org', nom: 'Martin', gestionnaireId: 'g', ...client })
        : undefined,
      held,
      now,
    },
    niveau,
  );
}

const NO_ADDRESS = { email: '' };
const REFUSED = { emailStatut: StatutEmailClient.ADRESSE_REFUSEE, emailRefuseRaison: '550' };
const OPPOSED = { sansRelance: true };

test.each([
  ['its time has come: a mail', {}, 'courriel'],
  ['a formal notice', { niveau: 2 }, 'courriel'],
  ['later', { prochaineAt: new Date('2026-06-30T08:00:00Z') }, undefined],
  ['paused without an end', { prochaineAt: null }, undefined],
  ['another level is due in its place', { prochainNiveau: 2 }, undefined],
  ['nothing is left to pay, due or not', { prochaineAt: null, invoice: { restantDu: 0n } }, 'solde'],
  ['no client', { client: null }, 'saut'],
  ['no client, formal notice', { client: null, niveau: 2 }, 'saut'],
  ['no address', { client: NO_ADDRESS }, 'tache'],
  ['an address that was refused', { client: REFUSED }, 'tache'],
  ['a call', { niveau: 3 }, 'tache'],
  ['a call, no address', { niveau: 3, client: NO_ADDRESS }, 'tache'],
  ['a call, wants no reminders', { niveau: 3, client: OPPOSED }, 'saut'],
  ['a call, later', { niveau: 3, prochaineAt: new Date('2026-06-30T08:00:00Z') }, undefined],
  ['a call, nothing is left to pay', { niveau: 3, invoice: { restantDu: 0n } }, 'solde'],
  ['a letter', { niveau: 4 }, 'tache'],
  ['a letter, wants no reminders', { niveau: 4, client: OPPOSED }, 'tache'],
  ['a letter, no client', { niveau: 4, client: null }, 'saut'],
  ['no address, formal notice', { client: NO_ADDRESS, niveau: 2 }, 'tache'],
  ['an address that was refused, formal notice', { client: REFUSED, niveau: 2 }, 'tache'],
  ['wants no reminders', { client: OPPOSED }, 'saut'],
  ['wants no reminders, formal notice', { client: OPPOSED, niveau: 2 }, 'courriel'],
])('%s', (_, truth, done) => {
  expect(decided(truth)?.$case).toBe(done);
});

test('a mail is for its level and cycle, and says what debits take', () => {
  const held = { attente: '', montantPreleve: 5_000n, preleveLe: '2026-07-05' };
  expect(decided({ held })?.value).toMatchObject({
    destinataire: 'zoe@example.org',
    modele: 'rappel',
    envoi: 'relance/f/1/3',
    variables: { restantDu: '12000', montantPreleve: '5000', preleveLe: '2026-07-05' },
  });
});

test('a task is for its level and cycle, and for who looks after the client', () => {
  expect(decided({ niveau: 2, client: NO_ADDRESS })?.value).toMatchObject({
    assigneA: 'g',
    origine: 'relance/f/2/3/courrier',
    motif: 'le client n’a pas d’adresse e-mail',
    echeance: new Date('2026-07-02T07:00:00Z'),
  });
});

const FACTS = {
  invoice: { numero: 'F-1', dateFacture: '2026-05-15', dateEcheance: '2026-06-14' },
  client: { raisonSociale: 'Le Fournil', prenom: 'Paul', nom: 'Marc', telephone: '06 12 34 56 78' },
  held: { attente: '', montantPreleve: 5_000n, preleveLe: '2026-07-05' },
};

test.each<[string, number, object, string, (string | RegExp)[]]>([
  [
    'a call',
    3,
    {},
    'appel Appeler Le Fournil au sujet de la facture F-1',
    [
      'Téléphone : 06 12 34 56 78, contact Paul Marc.',
      'doit encore 70,00 € de la facture F-1 du 15 mai 2026, échue le 14 juin 2026 (16 jours de retard).',
      '50,00 € de plus sont prélevés le 5 juillet 2026 : ne les demandez pas.',
      'Déjà fait : rappel le 3 juin 2026.',
      '70,00 € de la facture F-1 restent à régler',
    ],
  ],
  [
    'a call without a number',
    3,
    { telephone: '' },
    'appel',
    [/Aucun numéro de téléphone n’est connu, contact Paul Marc/],
  ],
  [
    'a letter',
    4,
    {},
    'courrier Poster la mise en demeure',
    [/70,00 € .*retard\)\.$/m, 'DownloadMiseEnDemeurePdf, id f.'],
  ],
  [
    'a formal notice without an address',
    2,
    NO_ADDRESS,
    'courrier Poster la mise en demeure',
    ['ne peut pas lui être envoyée par courriel : le client n’a pas d’adresse e-mail.', /^50,00 €/m],
  ],
  [
    'a mail to an address that was refused',
    5,
    REFUSED,
    'sans-adresse Relancer Le Fournil autrement que par courriel',
    ['« relance » n’a pas pu partir : l’adresse e-mail du client est refusée : 550.', 'Téléphone : 06'],
  ],
])('the task of %s says all that it takes', (_, niveau, client, titre, texts) => {
  const sent = { ...niveaux[0]!, envoyeeAt: new Date('2026-06-03T07:00:00Z') };
  const levels = [sent, ...niveaux.slice(1), NiveauRelance.fromPartial({ niveau: 5, modele: 'relance' })];
  const acte = decided({ ...FACTS, niveau, levels, client: { ...FACTS.client, ...client } });
  const task = acte?.value as TacheRelance;
  const spaced = (text: string) => text.replaceAll('\u00a0', ' ');
  expect(`${task.origine.split('/').at(-1)} ${spaced(task.titre)}`).toContain(titre);
  for (const text of texts) expect(spaced(task.description)).toMatch(text);
});

test('a task that would be longer than activites takes is cut', () => {
  const raisonSociale = 'Énergie '.repeat(40);
  const { titre } = decided({ niveau: 3, client: { raisonSociale } })!.value as TacheRelance;
  expect(titre.length).toBeLessThanOrEqual(200);
});

test('an invoice that was credited ends its reminders with that word', () => {
  const credited = { restantDu: 0n, statut: StatutFacture.ANNULEE };
  expect(decided({ invoice: credited })?.value).toEqual({ motif: 'facture annulée par avoir' });
});
