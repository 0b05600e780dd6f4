import type { Db, Tx } from '@crm/db';
import {
  csvDate,
  formatEuros,
  importLines,
  todayInParis,
  type ImportedLine,
  type ImportRules,
} from '@crm/domain';
import type { Call, Methods } from '@crm/kit';
import { StatutFacture, TotalTva } from '@crm/proto/factures/factures';
import type { ImportServiceService } from '@crm/proto/factures/imports';
import { SortLigne } from '@crm/proto/imports/imports';
import { v7 } from 'uuid';
import { checkParties, type Register } from '../check-parties.ts';
import { ownNumber } from '../take-number.ts';
import { findClient, readDirectory, type Clients, type Directory } from './client-directory.ts';
import { COLUMNS, doubts, type Key } from './columns.ts';
import { readInvoice, type Imported } from './read-invoice-line.ts';

type Line = ImportedLine<Key, Imported>;

type Needs = Register & { lister: Clients };

/**
 * Imports open invoices from a file. What the RPC answers is documented in proto/imports. Nobody pays, mails or counts
 * anything for it: an import is not invoice.created (docs/adr/0019, 0041).
 */
export const importInvoices = (db: Db, needs: Needs): Methods<typeof ImportServiceService> => ({
  async *import(request, call) {
    const { organisationId } = request;
    await checkParties(needs, { organisationId }, call);
    yield* importLines(request, rules(db, needs.lister, organisationId, call), call.signal);
  },
});

function rules(
  db: Db,
  lister: Clients,
  organisationId: string,
  { signal }: Pick<Call, 'signal'>,
): ImportRules<Key, Imported> {
  let directory: Promise<Directory> | undefined;
  return {
    columns: COLUMNS,
    doubts,
    needed: [['numero'], ['dateFacture'], ['montant'], ['reference', 'client', 'siren', 'siret', 'email']],
    libelle: (reader) =>
      [reader.cell('numero'), reader.cell('client') || reader.cell('reference')].filter(Boolean).join(', '),
    read: readInvoice,
    identity: ({ numero }) => ({ key: 'numero', text: numero }),
    async judge(lines) {
      directory ??= readDirectory(lister, organisationId, signal);
      const clients = await directory;
      for (const one of lines) findClient(one, clients);
      await judge(db, organisationId, lines);
    },
    async create(lines) {
      await db.$transaction(async (tx) => {
        // two imports of the same file: the second one waits, and finds what the first one has created
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`factures/import/${organisationId}`}, 0))`;
        await judge(tx, organisationId, lines);
        await create(
          tx,
          organisationId,
          lines.filter((one) => one.sort === SortLigne.A_CREER && one.reader.faults.length === 0),
        );
      });
    },
  };
}

/** Finds the numbers that exist, and those that Suivi could give itself one day. */
async function judge(db: Db | Tx, organisationId: string, lines: Line[]): Promise<void> {
  if (lines.length === 0) return;
  const rows = await db.facture.findMany({
    where: { organisationId, numero: { in: lines.map(({ value }) => value!.numero) } },
    select: { id: true, numero: true, clientId: true, montant: true, dateFacture: true },
  });
  const known = new Map(rows.map((row) => [row.numero, row]));
  const years = await db.factureNumero.findMany({ where: { organisationId, genre: 'F' } });
  for (const one of lines) {
    const { numero, clientId, montant, dateFacture } = one.value!;
    const row = known.get(numero);
    const own = ownNumber(numero);
    if (row && one.reader.faults.length === 0) {
      const others = [
        row.clientId !== clientId && 'd’un autre client',
        row.montant !== montant && `de ${formatEuros(row.montant)}`,
        row.dateFacture !== dateFacture && `du ${csvDate(row.dateFacture)}`,
      ].filter(Boolean);
      one.id = row.id;
      if (others.length === 0) one.sort = SortLigne.EXISTANTE;
      else one.reader.fault('numero', `Suivi a déjà une facture de ce numéro, ${others.join(', ')}`);
    } else if (
      !row &&
      own &&
      (own.annee >= Number(todayInParis().slice(0, 4)) || years.some(({ annee }) => annee === own.annee))
    )
      one.reader.fault(
        'numero',
        `Suivi numérote lui-même ainsi les factures de ${own.annee}, et donnerait ce numéro une seconde fois`,
      );
  }
}

async function create(tx: Tx, organisationId: string, lines: Line[]): Promise<void> {
  const importeeAt = new Date();
  const rows = lines.map((one) => ({ one, id: v7(), ...one.value! }));
  await tx.facture.createMany({
    data: rows.map(({ one: _, named: _named, ...invoice }) => ({
      ...invoice,
      ...{ organisationId, contratId: '', importeeAt },
      // what was sold is on the invoice itself, which another software has
      ...{ lignes: [], statut: StatutFacture.EMISE },
      tva: invoice.tva.map((total) => TotalTva.toJSON(total) as Record<string, string | number>),
    })),
  });
  for (const { one, id } of rows) {
    one.sort = SortLigne.CREEE;
    one.id = id;
  }
}
