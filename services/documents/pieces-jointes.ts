import type { Db, Tx } from '@crm/db';
import {
  entity,
  failedPrecondition,
  type Entity,
  type Logger,
  type Methods,
  organisationOrDefault,
} from '@crm/kit';
import { PieceJointe, type PieceJointeServiceService } from '@crm/proto/documents/documents';
import { v7 } from 'uuid';
import { checkEntite, type Register } from './check-entite.ts';
import type { FileStore } from './file-store.ts';
import { typeOfFile } from './type-of-file.ts';

/** A file's row. It is archived if `archivee_at` is set. */
const pieceEntity = (db: Db): Entity<PieceJointe, 'piecesJointes'> =>
  entity(db, {
    model: 'pieceJointe',
    plural: 'piecesJointes',
    message: PieceJointe,
    derived: ({ archiveeAt }) => ({ archivee: archiveeAt !== null }),
  });

/**
 * Attached files. The bytes are on disk under their final name before the row is committed, and are deleted
 * after the last row that refers to them. Both steps hold the lock of the checksum, so that no row is left
 * without its file.
 */
export function piecesJointes(
  db: Db,
  files: FileStore,
  log: Logger,
  register: Register,
): Methods<typeof PieceJointeServiceService> {
  const piece = pieceEntity(db);
  const repeat = piece.repeat;
  return {
    get: piece.get,
    list: piece.list,
    listByEntite: piece.list,

    async create({ contenu, archivee, ...given }, call) {
      await checkEntite(register, given, call);
      const incoming = await files.receive(contenu);
      const { sha256 } = incoming;
      try {
        return await call.once(async (tx) => {
          await lock(tx, sha256);
          await incoming.keep();
          const row = {
            ...given,
            id: v7(),
            organisationId: organisationOrDefault(given.organisationId),
            typeMime: given.typeMime || typeOfFile(given.nomFichier),
            taille: BigInt(contenu.length),
            sha256,
            auteur: call.caller.sub,
            archiveeAt: archivee ? new Date() : null,
          };
          return piece.toMessage(await tx.pieceJointe.create({ data: row }));
        }, repeat);
      } finally {
        await incoming.discard();
      }
    },

    /** Archiving an archived file is no error and changes nothing. */
    archiver: ({ id }, call) =>
      call.once(async (tx) => {
        await tx.pieceJointe.updateMany({
          where: { id, archiveeAt: null },
          data: { archiveeAt: new Date() },
        });
        return await piece.read(tx, id);
      }, repeat),

    async delete({ id }, call) {
      const known = await db.pieceJointe.findUnique({ where: { id }, select: { sha256: true } });
      await call.once(async (tx) => {
        const { count } = await tx.pieceJointe.deleteMany({ where: { id, archiveeAt: null } });
        if (count > 0) return {};
        await piece.read(tx, id);
        throw failedPrecondition('PIECE_ARCHIVEE', `pieceJointe ${id} is archived`);
      });
      // the row is deleted, even if the file could not be
      const notRemoved = (err: unknown) =>
        log.error({ err, ...known }, 'file of a deleted piece not removed');
      if (known) await removeUnused(known.sha256).catch(notRemoved);
      return {};
    },

    async *download({ id }) {
      const { sha256 } = await piece.get({ id });
      for await (const contenu of files.read(sha256)) yield { contenu };
    },
  };

  /**
   * Runs after the row's deletion is committed: a crash in between leaves an unused file, never a row without
   * its file.
   */
  async function removeUnused(sha256: string): Promise<void> {
    await db.$transaction(async (tx) => {
      await lock(tx, sha256);
      if ((await tx.pieceJointe.count({ where: { sha256 } })) === 0) await files.remove(sha256);
    });
  }
}

/** Locks a checksum until the transaction ends. */
const lock = (tx: Tx, sha256: string): Promise<unknown> =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`documents/${sha256}`}, 0))`;
