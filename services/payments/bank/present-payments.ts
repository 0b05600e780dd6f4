import type { Tx } from '@crm/db';
import { StatutMandat, StatutPaiement } from '@crm/proto/payments/payments';
import { Temporal } from 'temporal-polyfill';
import { v7 } from 'uuid';
import { endToEndIdOf } from './end-to-end-id.ts';

type Presented = { nomFichier: string; nombre: number; total: bigint };

/**
 * Takes the planned payments that are due by a collection date, have an active mandate and, where one is named, are
 * the organisation's: each becomes EMIS with a presentation of its attempt, all in one file. A payment that another
 * call takes at the same time is waited for and then left alone. Where nothing is left to present the last file of
 * that date is answered again, if there is one.
 */
export async function presentPayments(
  tx: Tx,
  dateCollecte: string,
  organisationId: string,
): Promise<Presented> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT p.id FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
    WHERE p.statut = ${StatutPaiement.PLANIFIE} AND p.date_prevue <= ${dateCollecte}
      AND m.statut = ${StatutMandat.ACTIF}
      AND (${organisationId} = '' OR p.organisation_id = ${organisationId})
    ORDER BY p.id FOR UPDATE OF p`;
  if (due.length === 0) return await lastFile(tx, dateCollecte, organisationId);
  const ids = due.map(({ id }) => id);
  const payments = await tx.payment.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
  const collectedBefore = await mandatesInUse(
    tx,
    payments.map(({ mandatId }) => mandatId),
  );
  const fileId = v7();
  const file = {
    id: fileId,
    dateCollecte,
    nomFichier: `pain008-${dateCollecte}-${fileId}.xml`,
    nombre: payments.length,
    total: payments.reduce((sum, { montant }) => sum + montant, 0n),
  };
  await tx.bankFile.create({ data: file });
  await tx.presentation.createMany({
    data: payments.map(({ id, organisationId: of, tentative, mandatId, montant, invoiceId, contratId }) => {
      const first = !collectedBefore.has(mandatId);
      collectedBefore.add(mandatId);
      return {
        id: endToEndIdOf(id, tentative),
        ...{ fileId, paymentId: id, organisationId: of, tentative, mandatId, montant },
        sequenceType: first ? 'FRST' : 'RCUR',
        libelle: invoiceId || contratId || id,
      };
    }),
  });
  const dateEmission = Temporal.Now.plainDateISO('Europe/Paris').toString();
  await tx.payment.updateMany({
    where: { id: { in: ids } },
    data: { statut: StatutPaiement.EMIS, dateEmission },
  });
  return file;
}

/** The last file of a date that holds nothing of another organisation. */
async function lastFile(tx: Tx, dateCollecte: string, organisationId: string): Promise<Presented> {
  const [last] = await tx.$queryRaw<{ id: string }[]>`
    SELECT f.id FROM payments.bank_files f
    WHERE f.date_collecte = ${dateCollecte} AND (${organisationId} = '' OR NOT EXISTS (
      SELECT 1 FROM payments.presentations p
      WHERE p.file_id = f.id AND p.organisation_id <> ${organisationId}))
    ORDER BY f.id DESC LIMIT 1`;
  if (!last) return { nomFichier: '', nombre: 0, total: 0n };
  return await tx.bankFile.findUniqueOrThrow({ where: { id: last.id } });
}

/**
 * The mandates by which something was presented that was not rejected: the next debit of such a one is RCUR, of any
 * other FRST (EPC130-08: a first collection that was rejected is presented as a first one again).
 */
async function mandatesInUse(tx: Tx, mandatIds: string[]): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ mandat_id: string }[]>`
    SELECT DISTINCT e.mandat_id FROM payments.presentations e JOIN payments.payments p ON p.id = e.payment_id
    WHERE e.mandat_id = ANY(${mandatIds})
      AND p.tentative = e.tentative AND p.statut <> ${StatutPaiement.REJETE}`;
  return new Set(rows.map(({ mandat_id }) => mandat_id));
}
