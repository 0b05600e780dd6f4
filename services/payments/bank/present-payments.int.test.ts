import { openDb } from '@crm/db';
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { duePayments } from './due-payments.ts';
import { ibanCipher, parseIbanKeys } from './iban-cipher.ts';
import { presentPayments } from './present-payments.ts';

const db = openDb(process.env.DATABASE_URL!, 2);
afterAll(() => db.$disconnect());

// a statement of Prisma's has 32,767 parameters at most, and a transaction fifteen seconds
test('33,000 payments are presented at once', async () => {
  const [organisationId, mandatId] = [v7(), v7()];
  await db.$executeRaw`
    INSERT INTO payments.mandates (id, organisation_id, client_id, iban_chiffre, iban_masque, bic, titulaire, rum,
      date_signature, statut, prenotification_jours)
    VALUES (${mandatId}, ${organisationId}, 'c', '', '', '', 't', 'r', '2026-01-15', 'ACTIF', 14)`;
  await db.$executeRaw`
    INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
      montant, statut, date_prevue, updated_at)
    SELECT gen_random_uuid()::text, ${organisationId}, 'c', '', '', '', ${mandatId}, 100, 'PLANIFIE', '2026-03-09', now()
    FROM generate_series(1, 33000)`;
  const due = { dateCollecte: '2026-03-09', organisationId };
  const ids = (await duePayments(db, due)).map(({ id }) => id);
  expect(ids).toHaveLength(33_000);
  const cipher = ibanCipher(parseIbanKeys(`k:${randomBytes(32).toString('base64')}`));
  const creditor = { name: 'Suivi', iban: 'FR7630006000011234567890189', bic: '', id: 'FR72ZZZ123456' };
  const file = await db.$transaction((tx) =>
    presentPayments(
      tx,
      due,
      { ids, contracts: new Map(), invoices: new Map(), withSociete: new Set<string>() },
      { cipher, creditor },
    ),
  );
  expect(file).toMatchObject({ nombre: 33_000, total: 3_300_000n });
  expect(await db.presentation.count({ where: { organisationId } })).toBe(33_000);
  expect(await db.payment.count({ where: { organisationId, statut: 'EMIS' } })).toBe(33_000);
  await db.presentation.deleteMany({ where: { organisationId } });
  await db.payment.deleteMany({ where: { organisationId } });
  await db.bankFile.deleteMany({ where: { nomFichier: file.nomFichier } });
});
