import { createClient, type Transport } from '@connectrpc/connect';
import { callUnaryMethod } from '@connectrpc/connect-query';
import { TacheService } from '../../gen/proto/activites/activites_pb.ts';
import { ClientBaseService } from '../../gen/proto/clients/clients_pb.ts';
import { InvoiceService } from '../../gen/proto/factures/factures_pb.ts';
import {
  OrganisationService,
  SocieteService,
  type Organisation,
} from '../../gen/proto/organisations/organisations_pb.ts';
import { PaymentService } from '../../gen/proto/payments/payments_pb.ts';
import { RegleRelanceService, RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { RetryAdminService } from '../../gen/proto/retry/retry_pb.ts';
import { daysAfter, today } from '../paris-day.ts';
import { importFile } from './import-file.ts';
import { USUAL_RULES } from './usual-rules.ts';

/** The code of every demonstration begins with it. */
const DEMO = 'demo-';
/** The name by which the page knows that one was played here. */
export const isDemo = ({ code }: Pick<Organisation, 'code'>): boolean => code.startsWith(DEMO);

/** Names of nobody; no mail server can exist below `.invalid` (RFC 6761, 6.4). */
const CLIENTS = [
  ['D-001', 'Boulangerie Perrin', 'compta@perrin.invalid'],
  ['D-002', 'Garage Tessier', 'contact@tessier.invalid'],
  ['D-003', 'Fleurs Amandine', 'amandine@fleurs.invalid'],
  ['D-004', 'Menuiserie Le Goff', 'legoff@menuiserie.invalid'],
  ['D-005', 'Café de la Halle', ''],
] as const;
/** Client, days since the issue, amount in cents, and what was paid of it. */
const INVOICES = [
  [0, 33, 124_000, 0],
  [0, 46, 56_050, 20_000],
  [1, 31, 248_900, 0],
  [1, 75, 39_900, 0],
  [2, 38, 8_990, 0],
  [2, 20, 132_000, 0],
  [3, 52, 615_000, 300_000],
  [3, 10, 74_500, 0],
  [4, 40, 18_250, 0],
] as const;
/** Debits that the bank refuses: client, amount, reason. */
const REJECTED = [
  [1, 89_000n, 'AM04'],
  [3, 45_600n, 'AC04'],
] as const;

/** So many steps has the story. */
export const DEMO_STEPS = 6;

/**
 * Plays a story with the RPCs that people use, and their own token: an organisation whose clients and open invoices are
 * imported, whose reminders begin, and some of whose debits the bank has refused. It has no creditor and no mandate: nothing
 * of it can be in a bank file.
 *
 * @param name - what the organisation is called
 * @param step - told before each step, from 0 on
 * @returns the organisation's code
 */
export async function playDemo(
  transport: Transport,
  name: string,
  step: (index: number) => void,
): Promise<string> {
  const organisationId = `${DEMO}${crypto.randomUUID().slice(0, 8)}`;
  step(0);
  await callUnaryMethod(transport, OrganisationService.method.create, { nom: name, code: organisationId });
  await callUnaryMethod(transport, SocieteService.method.create, {
    ...{ organisationId, raisonSociale: name, adresse: '1 rue de l’Exemple\n75000 Paris' },
  });
  step(1);
  await callUnaryMethod(transport, RegleRelanceService.method.enregistrer, {
    ...{ organisationId, niveaux: USUAL_RULES, motif: 'démonstration' },
  });
  const write = (what: 'clients' | 'factures', rows: (string | number)[][]) =>
    importFile(
      transport,
      what,
      {
        ...{ organisationId, nomFichier: `${what}.csv`, appliquer: true, saufFautives: false },
        contenu: new TextEncoder().encode(rows.map((row) => row.join(';')).join('\n')),
      },
      () => undefined,
    );
  step(2);
  await write('clients', [['Code client', 'Raison sociale', 'E-mail'], ...CLIENTS.map((row) => [...row])]);
  step(3);
  await write('factures', [
    ['N° facture', 'Code client', 'Date facture', 'Date échéance', 'Montant TTC', 'Restant dû'],
    ...INVOICES.map(([client, days, cents, paid], index) => [
      `DEMO-${String(index + 1).padStart(3, '0')}`,
      CLIENTS[client][0],
      written(daysAfter(today(), -days)),
      written(daysAfter(today(), 30 - days)),
      euros(cents),
      euros(cents - paid),
    ]),
  ]);
  step(4);
  for await (const _ of createClient(RelanceService, transport).adopter({ organisationId }));
  step(5);
  const { clients } = await callUnaryMethod(transport, ClientBaseService.method.list, { organisationId });
  const clientId = (index: number) =>
    clients.find(({ raisonSociale }) => raisonSociale === CLIENTS[index]![1])!.id;
  for (const [index, montant, motifRejet] of REJECTED) {
    const of = { organisationId, clientId: clientId(index), montant };
    const { id: invoiceId } = await callUnaryMethod(transport, InvoiceService.method.create, of);
    const { id } = await callUnaryMethod(transport, PaymentService.method.create, { ...of, invoiceId });
    await callUnaryMethod(transport, PaymentService.method.reject, { id, motifRejet });
  }
  return organisationId;
}

const written = (day: string): string => day.split('-').reverse().join('/');
const euros = (cents: number): string => (cents / 100).toFixed(2).replace('.', ',');

/**
 * Throws a demonstration away: what runs is cancelled, its tasks too, and the organisation is archived. Its rows stay:
 * invoices are not deleted.
 *
 * @param reason - kept with what is cancelled
 */
export async function throwDemoAway(
  transport: Transport,
  { id, code: organisationId }: Organisation,
  reason: string,
): Promise<void> {
  const filtre = { organisationId };
  await callUnaryMethod(transport, RelanceService.method.cancelMany, { filtre, motif: reason });
  await callUnaryMethod(transport, RetryAdminService.method.cancelMany, { filtre, motif: reason });
  const { taches } = await callUnaryMethod(transport, TacheService.method.list, {
    ...{ organisationId, ouvertes: true, pageSize: 200 },
  });
  for (const tache of taches)
    await callUnaryMethod(transport, TacheService.method.marquerAnnulee, { id: tache.id });
  await callUnaryMethod(transport, OrganisationService.method.update, { id, archivee: true });
}
