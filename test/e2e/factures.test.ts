import { status, type ServiceError } from '@grpc/grpc-js';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { InvoiceServiceService, LigneFacture, type Invoice } from '@crm/proto/factures/factures';
import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const factures = stack.client('factures', InvoiceServiceService);
const patient = { deadlineMs: 30_000 };

afterAll(() => stack.close());

const issue = (organisationId: string, montant = 12_000n): Promise<Invoice> =>
  factures.create({ organisationId, clientId: unique('client'), montant }, patient);

/** Runs `work` for 0 … count-1, `width` at a time. */
async function inParallel<T>(count: number, width: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = (next += 1) - 1;
      results[n] = await work(n);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

const numbered = (genre: string, count: number, year: string) =>
  Array.from({ length: count }, (_, n) => `${genre}-${year}-${String(n + 1).padStart(4, '0')}`);

describe('Create', () => {
  test('takes an amount alone: one line, today, due in 30 days, VAT within', async () => {
    const organisationId = unique('org');
    const invoice = await factures.create({ organisationId, clientId: 'client-123', montant: 1000n });
    const today = todayInParis().toString();
    expect(invoice).toMatchObject({
      organisationId,
      clientId: 'client-123',
      numero: `F-${today.slice(0, 4)}-0001`,
      objet: 'Prestation',
      montantHt: 833n,
      montantTva: 167n,
      montant: 1000n,
      montantRecu: 0n,
      restantDu: 1000n,
      statut: 'EMISE',
      dateFacture: today,
      datePaiement: '',
      tva: [{ tauxPointsBase: 2000, baseHt: 833n, montant: 167n }],
    });
    const days = (Date.parse(invoice.dateEcheance) - Date.parse(today)) / 86_400_000;
    expect(days).toBe(30);
    expect(invoice.lignes).toEqual([
      LigneFacture.fromPartial({
        designation: 'Prestation',
        quantiteMilliemes: 1000n,
        prixUnitaireHt: 833n,
        tauxTvaPointsBase: 2000,
        montantHt: 833n,
      }),
    ]);
  });

  test('takes lines, and a montant only where it is what they come to', async () => {
    const organisationId = unique('org');
    const lignes = [
      LigneFacture.fromPartial({ designation: 'A', prixUnitaireHt: 1000n, quantiteMilliemes: 2500n }),
      LigneFacture.fromPartial({ designation: 'B', prixUnitaireHt: 999n, tauxTvaPointsBase: 550 }),
    ];
    const request = { organisationId, clientId: 'c', lignes, dateFacture: '2026-03-02' };
    const refusal = await refusalOf(factures.create({ ...request, montant: 1n }));
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'montant' }] });
    const invoice = await factures.create({ ...request, montant: 4054n, dateEcheance: '2026-03-02' });
    expect(invoice).toMatchObject({
      numero: 'F-2026-0001',
      montantHt: 3499n,
      montantTva: 555n,
      montant: 4054n,
      dateEcheance: '2026-03-02',
    });
  });

  test('refuses what is no invoice', async () => {
    const clientId = 'client-123';
    const faults = [
      [{ clientId }, 'montant'],
      [{ clientId, montant: -1n }, 'montant'],
      [{ montant: 1n }, 'clientId'],
      [{ clientId, montant: 1n, dateFacture: '2026-02-30' }, 'dateFacture'],
      [{ clientId, montant: 1n, dateFacture: '2026-03-02', dateEcheance: '2026-03-01' }, 'dateEcheance'],
      [{ clientId, lignes: [LigneFacture.fromPartial({ designation: ' ' })] }, 'lignes[0].designation'],
    ] as const;
    for (const [request, field] of faults) {
      const { code, violations } = await refusalOf(factures.create(request as never));
      expect([code, violations[0]?.field]).toEqual(['INVALID_ARGUMENT', field]);
    }
  });

  test('tells of it in invoice.created, with these fields and no others', async () => {
    const { id, organisationId, clientId } = await factures.create({
      organisationId: unique('org'),
      clientId: unique('client'),
      montant: 75_000n,
      dateFacture: '2026-05-15',
      objet: 'Secret',
    });
    const eventId = eventIdOf('invoice.created', [id]);
    const stored = await storedEvent(await stack.nats(), 'crm.events.invoice.created', eventId);
    const { timestamp, correlationId, ...event } = InvoiceCreatedEvent.decode(stored.data);
    expect(event).toEqual({
      eventId,
      invoiceId: id,
      organisationId,
      clientId,
      montant: 75_000n,
      dateFacture: '2026-05-15',
      dateEcheance: '2026-06-14',
    });
    expect(correlationId).not.toBe('');
    expect(timestamp).toBeInstanceOf(Date);
  });

  test('is repeated by its idempotency-key without a second number', async () => {
    const organisationId = unique('org');
    const keyed = { deadlineMs: 20_000, metadata: { 'idempotency-key': randomUUID() } };
    const request = { organisationId, clientId: 'c', montant: 500n, dateFacture: '2026-03-02' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => factures.create(request, keyed)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const other = await factures.create({ ...request, montant: 600n });
    expect([answers[0]!.numero, other.numero]).toEqual(['F-2026-0001', 'F-2026-0002']);
    expect((await refusalOf(factures.create({ ...request, montant: 7n }, keyed))).code).toBe(
      'ALREADY_EXISTS',
    );
  }, 60_000);
});

describe('numbers', () => {
  test('200 invoices, 20 at a time, some of which fail: 1 to 200 without a gap or a double', async () => {
    const organisationId = unique('org');
    // one in eleven fails in a transaction that has taken its number already
    await stack.sql(`CREATE FUNCTION factures.fail_${organisationId.replaceAll('-', '_')}() RETURNS trigger
      LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.organisation_id = '${organisationId}' AND NEW.client_id = 'failing' THEN
          RAISE EXCEPTION 'made to fail';
        END IF;
        RETURN NEW;
      END $$`);
    const name = `fail_${organisationId.replaceAll('-', '_')}`;
    await stack.sql(`CREATE TRIGGER ${name} AFTER INSERT ON factures.factures
      FOR EACH ROW EXECUTE FUNCTION factures.${name}()`);
    try {
      const outcomes = await inParallel(220, 20, async (n) => {
        const request = { organisationId, montant: 100n, dateFacture: '2026-03-02' };
        if (n % 11 !== 10)
          return (await factures.create({ ...request, clientId: unique('c') }, patient)).numero;
        const { code } = await refusalOf(factures.create({ ...request, clientId: 'failing' }, patient));
        return code;
      });
      expect(outcomes.filter((outcome) => outcome === 'INTERNAL')).toHaveLength(20);
      const numeros = outcomes.filter((outcome) => outcome !== 'INTERNAL').sort();
      expect(numeros).toEqual(numbered('F', 200, '2026'));
      const rows = await stack.sql<{ numero: string }>(
        'SELECT numero FROM factures.factures WHERE organisation_id = $1 ORDER BY numero',
        organisationId,
      );
      expect(rows.map(({ numero }) => numero)).toEqual(numeros);
      const events = await stack.sql(
        'SELECT 1 FROM events.outbox WHERE position($1::bytea IN payload) > 0',
        organisationId,
      );
      expect(events).toHaveLength(200);
    } finally {
      await stack.sql(`DROP FUNCTION factures.${name} CASCADE`);
    }
  }, 180_000);

  test('each organisation and year counts for itself', async () => {
    const [one, other] = [unique('org'), unique('org')];
    const of = async (organisationId: string, dateFacture: string) =>
      (await factures.create({ organisationId, clientId: 'c', montant: 1n, dateFacture })).numero;
    expect(await of(one, '2026-12-31')).toBe('F-2026-0001');
    expect(await of(one, '2027-01-01')).toBe('F-2027-0001');
    expect(await of(other, '2026-12-31')).toBe('F-2026-0001');
    expect(await of(one, '2026-01-01')).toBe('F-2026-0002');
  });

  test('a refused invoice takes none', async () => {
    const organisationId = unique('org');
    await refusalOf(factures.create({ organisationId, clientId: 'c' }));
    expect((await issue(organisationId)).numero).toMatch(/-0001$/);
  });
});

describe('credit notes', () => {
  test('20 at once never credit more than the invoice; their numbers have no gaps', async () => {
    const organisationId = unique('org');
    const { id: invoiceId, clientId } = await issue(organisationId, 1000n);
    const outcomes = await inParallel(20, 20, (n) =>
      factures.createCreditNote({ invoiceId, montant: 90n, motif: `Geste ${n}` }, patient).then(
        ({ numero }) => numero,
        (error: ServiceError) => status[error.code],
      ),
    );
    const numeros = outcomes.filter((outcome) => outcome.startsWith('A-')).sort();
    expect(numeros).toEqual(numbered('A', 11, numeros[0]!.slice(2, 6)));
    expect(outcomes.filter((outcome) => outcome === 'FAILED_PRECONDITION')).toHaveLength(9);
    const rest = await factures.createCreditNote({ invoiceId, motif: 'Le reste' });
    expect(rest).toMatchObject({ organisationId, invoiceId, clientId, montant: 10n, motif: 'Le reste' });
    const refusal = await refusalOf(factures.createCreditNote({ invoiceId, motif: 'Encore' }));
    expect(refusal).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'AVOIR_MONTANT' });
    expect(await factures.getCreditNote({ id: rest.id })).toEqual(rest);
    const listed = await factures.listCreditNotes({ invoiceId });
    expect(listed.creditNotes).toHaveLength(12);
    expect(listed.creditNotes[0]).toEqual(rest);
    expect((await factures.listCreditNotes({ organisationId: unique('org') })).creditNotes).toEqual([]);
  }, 60_000);

  test('invoices and credit notes issued at the same time do not block each other', async () => {
    const organisationId = unique('org');
    const invoices = await inParallel(20, 10, () => issue(organisationId));
    const outcomes = await inParallel(60, 20, async (n) =>
      n % 2
        ? (await issue(organisationId)).numero
        : (
            await factures.createCreditNote(
              { invoiceId: invoices[(n / 2) % 20]!.id, montant: 100n, motif: 'Geste' },
              patient,
            )
          ).numero,
    );
    const year = invoices[0]!.numero.slice(2, 6);
    expect(outcomes.filter((numero) => numero.startsWith('A')).sort()).toEqual(numbered('A', 30, year));
    expect(
      [
        ...invoices.map(({ numero }) => numero),
        ...outcomes.filter((numero) => numero.startsWith('F')),
      ].sort(),
    ).toEqual(numbered('F', 50, year));
  }, 60_000);

  test('on what does not exist, of nothing, or without a reason are refused', async () => {
    const { id: invoiceId } = await issue(unique('org'));
    expect((await refusalOf(factures.createCreditNote({ invoiceId: 'none', motif: 'X' }))).code).toBe(
      'NOT_FOUND',
    );
    expect((await refusalOf(factures.createCreditNote({ invoiceId }))).violations[0]!.field).toBe('motif');
    expect((await refusalOf(factures.getCreditNote({ id: 'none' }))).code).toBe('NOT_FOUND');
  });
});

describe('a credit note’s VAT', () => {
  const lignes = [
    LigneFacture.fromPartial({ designation: 'A', prixUnitaireHt: 10_001n }),
    LigneFacture.fromPartial({ designation: 'B', prixUnitaireHt: 333n, tauxTvaPointsBase: 550 }),
  ];

  test('is that of the invoice, in proportion; together they are the invoice’s, rate by rate', async () => {
    const request = { organisationId: unique('org'), clientId: 'c', lignes };
    const { id: invoiceId, tva, montant, numero } = await factures.create(request);
    const notes = [
      await factures.createCreditNote({ invoiceId, montant: 1_000n, motif: 'Geste' }),
      await factures.createCreditNote({ invoiceId, montant: 77n, motif: 'Geste' }),
      await factures.createCreditNote({ invoiceId, motif: 'Le reste' }),
    ];
    expect(notes.map(({ invoiceNumero }) => invoiceNumero)).toEqual([numero, numero, numero]);
    expect(notes.reduce((sum, note) => sum + note.montantHt + note.montantTva, 0n)).toBe(montant);
    for (const { tauxPointsBase, baseHt, montant: vat } of tva) {
      const parts = notes.flatMap((note) =>
        note.tva.filter((part) => part.tauxPointsBase === tauxPointsBase),
      );
      expect(parts.reduce((sum, part) => sum + part.baseHt, 0n)).toBe(baseHt);
      expect(parts.reduce((sum, part) => sum + part.montant, 0n)).toBe(vat);
    }
    expect(await factures.getCreditNote({ id: notes[0]!.id })).toEqual(notes[0]);
  });

  test('is on its PDF, also of one of before it was recorded', async () => {
    const { id: invoiceId } = await factures.create({
      ...{ organisationId: unique('org'), clientId: 'c', lignes },
    });
    await factures.createCreditNote({ invoiceId, montant: 500n, motif: 'Geste' });
    const { id } = await factures.createCreditNote({
      invoiceId,
      montant: 1_000n,
      motif: 'Intervention annulée',
    });
    const pdf = async () => {
      const chunks: Uint8Array[] = [];
      for await (const { contenu } of factures.downloadCreditNotePdf({ id })) chunks.push(contenu);
      return Buffer.concat(chunks);
    };
    const first = await pdf();
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    await stack.sql(
      "UPDATE factures.avoirs SET tva = '[]', montant_ht = 0, montant_tva = 0 WHERE id = $1",
      id,
    );
    expect((await pdf()).equals(first)).toBe(true);
    const none = async () => {
      for await (const chunk of factures.downloadCreditNotePdf({ id: 'none' })) void chunk;
    };
    expect((await refusalOf(none())).code).toBe('NOT_FOUND');
  });
});

test('what is not there is NOT_FOUND', async () => {
  const download = async () => {
    for await (const chunk of factures.downloadPdf({ id: 'none' })) void chunk;
  };
  const calls = [
    () => factures.get({ id: 'none' }),
    () => factures.update({ id: 'none', objet: 'X' }),
    () => factures.markAsPaid({ id: 'none' }),
    download,
  ];
  for (const call of calls) expect((await refusalOf(call())).code).toBe('NOT_FOUND');
});
