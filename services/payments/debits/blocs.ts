import type { Db } from '@crm/db';
import { BlocEmission } from '@crm/proto/payments/payments';
import { sealedCreditor, type Creditor } from '../creditors/presented-creditors.ts';

/** Some debits of an organisation and a sequence type. */
type Part = { organisationId: string; sequence: string; nombre: number; total: bigint };

/** Adds up debits by organisation and sequence type, in their order. */
export function toBlocs(
  parts: Part[],
  creditorOf: (organisationId: string) => Pick<Creditor, 'name' | 'id'> | undefined,
): BlocEmission[] {
  const blocs = new Map<string, BlocEmission>();
  for (const { organisationId, sequence, nombre, total } of parts) {
    const key = `${organisationId} ${sequence}`;
    const { name: creancierNom = '', id: creancierIcs = '' } = creditorOf(organisationId) ?? {};
    const bloc =
      blocs.get(key) ?? BlocEmission.fromPartial({ organisationId, sequence, creancierNom, creancierIcs });
    blocs.set(key, { ...bloc, nombre: bloc.nombre + nombre, total: bloc.total + total });
  }
  return [...blocs.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bloc]) => bloc);
}

/** The blocks of a file. */
export async function blocsOfFile(db: Db, nomFichier: string, platform: Creditor): Promise<BlocEmission[]> {
  const { id: fileId, creanciers } = await db.bankFile.findUniqueOrThrow({ where: { nomFichier } });
  const rows = await db.presentation.groupBy({
    by: ['organisationId', 'sequenceType'],
    where: { fileId },
    _count: true,
    _sum: { montant: true },
  });
  return toBlocs(
    rows.map(({ organisationId, sequenceType: sequence, _count: nombre, _sum }) => ({
      ...{ organisationId, sequence, nombre, total: _sum.montant ?? 0n },
    })),
    (organisationId) => sealedCreditor(creanciers, organisationId) ?? platform,
  );
}
