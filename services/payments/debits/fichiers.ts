import { sql, type Db } from '@crm/db';
import { failedPrecondition, notFound, page, type Methods } from '@crm/kit';
import {
  FichierBancaire,
  StatutFichier,
  StatutPaiement,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import type { CreditorDeps } from '../creditors/presented-creditors.ts';
import { renderFile } from './write-debits.ts';

type Row = NonNullable<Awaited<ReturnType<Db['bankFile']['findUnique']>>>;
type Fate = { id: string; encaisses: number; rejetes: number; organisations: string[] };

/** A piece has at most this many characters, far below what a message of gRPC may have. */
const PIECE = 256 * 1024;

/** The files for the bank, for people to list and to read again. */
export const fichiers = (
  deps: CreditorDeps & { db: Db },
): Pick<Methods<typeof PaymentServiceService>, 'listFichiers' | 'downloadFichier'> => ({
  async listFichiers({ organisationId, ...request }) {
    const { db } = deps;
    const found = await page(
      request,
      (last, take) => db.$queryRaw<{ id: string }[]>`
        SELECT f.id FROM payments.bank_files f
        WHERE (f.ouvert OR f.nombre > 0)
          ${last === undefined ? sql`` : sql`AND f.id < ${last}`}
          ${
            organisationId
              ? sql`AND EXISTS (SELECT FROM payments.presentations e
                  WHERE e.file_id = f.id AND e.organisation_id = ${organisationId})`
              : sql``
          }
        ORDER BY f.id DESC LIMIT ${take}`,
    );
    const ids = found.rows.map(({ id }) => id);
    const rows = await db.bankFile.findMany({ where: { id: { in: ids } }, orderBy: { id: 'desc' } });
    const fates = await fatesOf(db, ids);
    return {
      fichiers: rows.map((row) => toFichier(row, fates.get(row.id))),
      nextPageToken: found.nextPageToken,
    };
  },
  async *downloadFichier({ id }) {
    const file = await deps.db.bankFile.findUnique({ where: { id } });
    if (!file) throw notFound('fichier', id);
    if (file.ouvert) throw failedPrecondition('FICHIER_OUVERT', 'debits are still being added to the file');
    for await (const text of renderFile(deps, file.nomFichier))
      for (let at = 0; at < text.length; at += PIECE)
        yield { contenu: Buffer.from(text.slice(at, at + PIECE)) };
  },
});

/**
 * What has become of the debits of files. A payment that is at a later attempt, or planned again, was rejected; one that
 * was returned and is collected again, is collected.
 */
async function fatesOf(db: Db, fileIds: string[]): Promise<Map<string, Fate>> {
  const rows = await db.$queryRaw<Fate[]>`
    SELECT e.file_id AS id,
      count(*) FILTER (WHERE p.tentative = e.tentative AND p.statut = ${StatutPaiement.ENCAISSE})::int AS encaisses,
      count(*) FILTER (WHERE p.tentative > e.tentative OR p.statut = ${StatutPaiement.REJETE})::int AS rejetes,
      array_agg(DISTINCT e.organisation_id) AS organisations
    FROM payments.presentations e JOIN payments.payments p ON p.id = e.payment_id
    WHERE e.file_id = ANY(${fileIds}) GROUP BY e.file_id`;
  return new Map(rows.map((row) => [row.id, row]));
}

function toFichier(
  { id, nomFichier, dateCollecte, nombre, total, ouvert, writtenAt, createdAt }: Row,
  { encaisses = 0, rejetes = 0, organisations = [] }: Partial<Fate> = {},
): FichierBancaire {
  return FichierBancaire.fromPartial({
    ...{ id, nomFichier, dateCollecte, nombre, total, createdAt, encaisses, rejetes },
    enAttente: nombre - encaisses - rejetes,
    statut: ouvert
      ? StatutFichier.FICHIER_OUVERT
      : writtenAt
        ? StatutFichier.FICHIER_ECRIT
        : StatutFichier.FICHIER_A_ECRIRE,
    ...(writtenAt && { ecritAt: writtenAt }),
    organisationIds: organisations,
  });
}
