import type { Db, Tx } from '@crm/db';
import { ClotureLigne, GenreCloture, PorteeLigne, TransactionInconnue } from '@crm/proto/payments/payments';
import type { Staged } from './facts-before.ts';

const PORTEE: Record<string, PorteeLigne> = {
  attempt: PorteeLigne.LIGNE_TRANSACTION,
  entry: PorteeLigne.LIGNE_ECRITURE,
  block: PorteeLigne.LIGNE_BLOC,
  file: PorteeLigne.LIGNE_FICHIER,
};

const GENRE: Record<string, GenreCloture> = {
  PAIEMENT: GenreCloture.CLOTURE_PAIEMENT,
  AUTRE_SYSTEME: GenreCloture.CLOTURE_AUTRE_SYSTEME,
  ECARTEE: GenreCloture.CLOTURE_ECARTEE,
};

/** Converts unknown lines to messages, with how they were closed. */
export async function toUnknownLines(tx: Tx | Db, rows: Staged[]): Promise<TransactionInconnue[]> {
  const reports = await tx.bankReport.findMany({
    where: { id: { in: [...new Set(rows.map(({ reportId }) => reportId))] } },
    select: { id: true, createdAt: true },
  });
  const received = new Map(reports.map(({ id, createdAt }) => [id, createdAt]));
  const assigned = rows.filter(({ cloture }) => cloture === 'PAIEMENT');
  const presented = assigned.length
    ? await tx.presentation.findMany({
        where: { id: { in: assigned.map(({ presentationId }) => presentationId) } },
        select: { id: true, tentative: true },
      })
    : [];
  const attempts = new Map(presented.map(({ id, tentative }) => [id, tentative]));
  return rows.map((row) => ({
    ...toUnknownLine(row, attempts.get(row.presentationId) ?? 0),
    recuAt: received.get(row.reportId),
  }));
}

function toUnknownLine(
  { portee, montant, survenuAt, nombre, frais, cloture, reportId: rapportId, ...row }: Staged,
  tentative: number,
): TransactionInconnue {
  const { cloturePar: par, cloturePourquoi: pourquoi, closAt, ...says } = row;
  const closed = {
    genre: GENRE[cloture] ?? GenreCloture.UNSPECIFIED,
    par,
    pourquoi,
    closAt: closAt ?? undefined,
  };
  return TransactionInconnue.fromPartial({
    ...(says as object),
    rapportId,
    portee: PORTEE[portee] ?? PorteeLigne.UNSPECIFIED,
    ...{ montant: montant ?? undefined, survenuAt: survenuAt ?? undefined },
    ...{ nombre: nombre ?? undefined, frais: frais ?? undefined },
    cloture: cloture
      ? ClotureLigne.fromPartial({ ...closed, tentative: cloture === 'PAIEMENT' ? tentative : 0 })
      : undefined,
  });
}
