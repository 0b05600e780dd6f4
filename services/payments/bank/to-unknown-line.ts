import type { Tx } from '@crm/db';
import { PorteeLigne, TransactionInconnue } from '@crm/proto/payments/payments';

/** A line of a report as its row. */
export type LineRow = NonNullable<Awaited<ReturnType<Tx['reportTransaction']['findUnique']>>>;

const PORTEE: Record<string, PorteeLigne> = {
  attempt: PorteeLigne.LIGNE_TRANSACTION,
  entry: PorteeLigne.LIGNE_ECRITURE,
  block: PorteeLigne.LIGNE_BLOC,
  file: PorteeLigne.LIGNE_FICHIER,
};

/** A line that nobody could match, as callers see it. */
export const toUnknownLine = ({
  portee,
  montant,
  survenuAt,
  nombre,
  frais,
  ...row
}: LineRow): TransactionInconnue =>
  TransactionInconnue.fromPartial({
    ...(row as object),
    portee: PORTEE[portee] ?? PorteeLigne.UNSPECIFIED,
    ...{ montant: montant ?? undefined, survenuAt: survenuAt ?? undefined },
    ...{ nombre: nombre ?? undefined, frais: frais ?? undefined },
  });
