import { dateInParis } from '@crm/domain';
import {
  MandateServiceService,
  PaymentServiceService,
  type Payment,
  type TransactionInconnue,
} from '@crm/proto/payments/payments';
import { bankCases, filledIn, LINES, type BankCase, type Presented } from '../support/bank-case.ts';
import { endToEndId } from '../support/bank-reports.ts';
import { ownSums } from '../support/own-sums.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const IBAN = 'FR1420041010050500013M02606';
/** A day on which banks are open, before the days in the cases. */
const COLLECTE = '2026-11-20';
const stack = sharedStack();
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);

afterAll(() => stack.close());

const euros = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
const dayOf = (at: Date | undefined): string => (at ? dateInParis(at) : '');

/** Presents the debits of a case in one file, then does what happened before its report. */
async function present({ debits, mandates: by = [] }: BankCase): Promise<(Presented & { id: string })[]> {
  const organisationId = unique('org');
  const mandateIds = new Map<number, Promise<{ id: string; rum: string; clientId: string }>>();
  const mandateOf = (nth: number) => {
    const mandate = { clientId: unique('client'), iban: IBAN, titulaire: 'Test User' };
    const found =
      mandateIds.get(nth) ??
      mandates.create({
        ...mandate,
        organisationId,
        dateSignature: '2026-01-15',
        rum: unique('Rum').slice(0, 35),
      });
    mandateIds.set(nth, found);
    return found;
  };
  const planned = [];
  for (const [index, debit] of debits.entries()) {
    const { id: mandatId, rum, clientId } = await mandateOf(by[index] ?? index + 1);
    const montant = BigInt(Math.round(Number(debit.split(' ')[0]) * 100));
    const payment = { organisationId, clientId, mandatId, montant, datePrevue: COLLECTE };
    planned.push({ id: (await payments.create(payment)).id, rum });
  }
  if (planned.length === 0) return [];
  const { contenu } = await payments.emit({ dateCollecte: COLLECTE, organisationId });
  const file = contenu.toString();
  const messageId = /<MsgId>([^<]+)/.exec(file)![1]!;
  for (const [index, { id }] of planned.entries()) {
    const [, state, day = COLLECTE] = debits[index]!.split(' ');
    const at = new Date(day);
    if (state) await payments.confirm({ id, dateReception: state === 'ENCAISSE' ? at : new Date(COLLECTE) });
    if (state === 'RETOURNE') {
      await payments.reject({ id, motifRejet: 'AM04', dateRejet: at, retourBancaire: true });
    }
  }
  return planned.map(({ id, rum }) => {
    const before = file.slice(0, file.indexOf(endToEndId(id)));
    const blocId = [...before.matchAll(/<PmtInfId>([^<]+)/g)].at(-1)![1]!;
    return { id, endToEndId: endToEndId(id), rum, blocId, messageId };
  });
}

const shown = (payment: Payment) => ({
  ...{ statut: payment.statut, motifRejet: payment.motifRejet },
  ...{ dateReception: dayOf(payment.dateReception), dateRejet: dayOf(payment.dateRejet) },
  frais: payment.fraisBancaires.map(({ montant, date }) => `${euros(montant)} ${date}`),
});

const shownLine = ({ montant, survenuAt, frais, ...line }: TransactionInconnue) => ({
  ...line,
  ...{ survenuAt: dayOf(survenuAt), montant: montant === undefined ? '' : euros(montant) },
  frais: frais === undefined ? '' : euros(frais),
});

/** Texts need only be contained in the actual ones. */
const within = (expected: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(expected).map(([name, value]) =>
      name === 'motif' ? [name, expect.stringContaining(value as string)] : [name, value],
    ),
  );

type Line = {
  groupe: number;
  portee: string;
  montant: string | null;
  presente: string | null;
  frais: string | null;
  nombre: number | null;
  devise: string;
  sens: string;
  issue: string;
};
const linesOf = (reportId: string) =>
  stack.sql<Line>(
    `SELECT t.groupe, t.portee, t.montant, t.frais, t.nombre, t.devise, t.sens, t.issue, p.montant AS presente
     FROM payments.report_transactions t LEFT JOIN payments.presentations p ON p.id = t.presentation_id
     WHERE t.report_id = $1 ORDER BY t.rang`,
    reportId,
  );

const sumOf = (numbers: bigint[]): bigint => numbers.reduce((sum, one) => sum + one, 0n);

/** Compares the results of a report's lines with the report's own totals. */
function checkSums(content: string, lines: Line[]): void {
  for (const { groupe, somme, devise, nombre } of ownSums(content)) {
    const own = lines.filter((line) => line.groupe === groupe && line.portee !== 'file');
    const amounts = own.map(({ montant, presente }) => montant ?? presente);
    const known = amounts.every((amount, index) => amount !== null && own[index]!.devise === devise);
    if (somme !== undefined && known) {
      const leaves = (line: Line) => line.sens === 'DBIT';
      const amountsOf = own.map((line, index) => (leaves(line) ? -1n : 1n) * BigInt(amounts[index]!));
      const charges = sumOf(own.map(({ frais }) => -BigInt(frais ?? 0)));
      expect([sumOf(amountsOf), sumOf(amountsOf) + charges]).toContain(somme);
    }
    if (nombre !== undefined) {
      const listed = own.filter(({ portee }) => portee === 'attempt').length;
      const whole = own.find((line) => line.portee === 'block' && line.nombre !== null);
      expect(whole ? Math.max(whole.nombre!, listed) : own.length).toBeGreaterThanOrEqual(nombre);
    }
  }
}

test.each(bankCases().map((one) => [one.name, one] as const))('%s', async (name, one) => {
  const presented = await present(one);
  const contenu = Buffer.from(filledIn(one.content, presented));
  const importing = payments.importBankReport({ nomFichier: `${name}.xml`, contenu });
  if (one.refused) {
    expect((await refusalOf(importing)).violations[0]!.description).toContain(one.refused);
    return;
  }
  const { rapportId, dejaImporte, ...counts } = await importing;
  const none = Object.fromEntries(LINES.map((line) => [line, 0]));
  const after = await Promise.all(presented.map(async ({ id }) => shown(await payments.get({ id }))));
  const rapport = await payments.getRapport({ id: rapportId });
  const unknown = rapport.inconnues.map(shownLine);
  expect({ counts, payments: after, unknown }).toMatchObject({
    counts: { ...none, ...one.lines },
    payments: JSON.parse(filledIn(JSON.stringify(one.payments), presented)) as object[],
    ...(one.unknown && {
      unknown: (JSON.parse(filledIn(JSON.stringify(one.unknown), presented)) as (typeof one.unknown)[]).map(
        (line) => within(line as unknown as Record<string, unknown>) as unknown,
      ),
    }),
  });
  expect(dejaImporte).toBe(false);

  // every line has a result, and all of them add up to the report's totals
  const lines = await linesOf(rapportId);
  expect(lines.filter(({ issue }) => issue === '')).toEqual([]);
  expect(rapport.transactions).toBe(lines.length);
  expect(LINES.reduce((sum, line) => sum + counts[line], 0)).toBe(lines.length);
  checkSums(contenu.toString(), lines);
  if (one.motifs) {
    const motifs = await stack.sql<{ motif: string }>(
      'SELECT motif FROM payments.report_transactions WHERE report_id = $1',
      rapportId,
    );
    expect(motifs.map(({ motif }) => motif)).toEqual(one.motifs);
  }
});
