import { FORMAL_NOTICE } from '@crm/domain';
import { Client, StatutEmailClient } from '@crm/proto/clients/clients';
import { Invoice, StatutFacture } from '@crm/proto/factures/factures';
import { NiveauRelance } from '@crm/proto/relance/relance';
import { decideSend } from './decide-send.ts';
import type { Held } from './held-back.ts';

const now = new Date('2026-06-30T07:00:00Z');
const niveaux = [
  NiveauRelance.fromPartial({ niveau: 1, modele: 'rappel' }),
  NiveauRelance.fromPartial({ niveau: 2, modele: FORMAL_NOTICE }),
];
const whole = { attente: '', montantPreleve: 0n, preleveLe: '' };

type Truth = {
  niveau?: number;
  prochainNiveau?: number;
  prochaineAt?: Date | null;
  invoice?: object;
  /** Null: there is none. */
  client?: object | null;
  held?: Held;
};

/** By default the first level is due, of a client with an address, who owes the whole invoice. */
function decided({ niveau = 1, prochainNiveau = niveau, prochaineAt = now, ...truth }: Truth) {
  const { invoice = {}, client = {}, held = whole } = truth;
  const row = { cycle: 3, niveaux, prochainNiveau, prochaineAt };
  return decideSend(
    {
      row,
      invoice: Invoice.fromPartial({ id: 'f', numero: 'F-1', restantDu: 12_000n, ...invoice }),
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
  ['no address', { client: NO_ADDRESS }, 'saut'],
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

test('an invoice that was credited ends its reminders with that word', () => {
  const credited = { restantDu: 0n, statut: StatutFacture.ANNULEE };
  expect(decided({ invoice: credited })?.value).toEqual({ motif: 'facture annulée par avoir' });
});
