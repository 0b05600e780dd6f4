import { sql, type Db } from '@crm/db';
import { addDays, dateInParis } from '@crm/domain';
import { notFound, type Methods } from '@crm/kit';
import { Candidat, IndiceCandidat, type PaymentServiceService } from '@crm/proto/payments/payments';
import { toPayment } from '../to-payment.ts';
import { obstacleTo } from './apply-line.ts';
import type { Staged } from './facts-before.ts';
import { isReference } from './is-reference.ts';

/** The most payments in an answer. */
const MOST = 20;
/** A debit is returned up to 13 months after its day (EPC016-06, 4.3); a report can come before it. */
const [DAYS_BEFORE, DAYS_AFTER] = [400, 5];
/** Banks cut references off. The beginning of ours is the time of a payment: shorter ones say nothing. */
const SHORTEST_REFERENCE = 12;

type Found = {
  id: string;
  tentative: number;
  paymentId: string;
  montant: bigint;
  libelle: string;
  dateCollecte: string | null;
  rum: string | null;
  titulaire: string | null;
  reference: boolean;
  mandat: boolean;
  same: boolean;
};

/**
 * Finds the presented attempts to which an unknown line may belong: those that its references begin, those of its mandate,
 * and those of its amount whose day fits. The nearest in time come first among equals.
 */
export const listCandidats =
  (db: Db): Methods<typeof PaymentServiceService>['listCandidats'] =>
  async ({ rapportId: reportId, rang, recherche }) => {
    const line = await db.reportTransaction.findUnique({ where: { reportId_rang: { reportId, rang } } });
    if (!line) throw notFound('line', `${rang} of bank report ${reportId}`);
    const found = await find(db, line, recherche.trim());
    const ids = [...new Set(found.map(({ paymentId }) => paymentId))];
    const rows = new Map(
      (await db.payment.findMany({ where: { id: { in: ids } } })).map((row) => [row.id, row]),
    );
    const candidats: Candidat[] = [];
    for (const { id: endToEndId, paymentId, reference, mandat, same, ...one } of found) {
      const row = rows.get(paymentId);
      if (!row) continue;
      candidats.push(
        Candidat.fromPartial({
          ...{ paiement: toPayment(row), endToEndId, tentative: one.tentative, montant: one.montant },
          ...{ dateCollecte: one.dateCollecte ?? '', libelle: one.libelle },
          ...{ rum: one.rum ?? '', titulaire: one.titulaire ?? '' },
          indices: [
            ...(reference ? [IndiceCandidat.INDICE_REFERENCE] : []),
            ...(mandat ? [IndiceCandidat.INDICE_MANDAT] : []),
            ...(same ? [IndiceCandidat.INDICE_MONTANT] : []),
            ...(recherche.trim() ? [IndiceCandidat.INDICE_RECHERCHE] : []),
          ],
          obstacle: line.cloture ? '' : await obstacleTo(db, line, row, one.tentative),
        }),
      );
    }
    return { candidats };
  };

async function find(db: Db, line: Staged, recherche: string): Promise<Found[]> {
  const { montant, montantNet, somme, survenuAt, rum } = line;
  const amounts = [montant, montantNet, somme].filter((one) => one !== null);
  const beginnings = beginningsOf(line);
  const day = survenuAt ? dateInParis(survenuAt) : '';
  const isNamed = sql`(e.id LIKE ANY(${beginnings}))`;
  const isOfMandate = sql`(${rum} <> '' AND lower(btrim(m.rum)) = lower(btrim(${rum})))`;
  const isOfAmount = sql`(e.montant = ANY(${amounts}))`;
  const fits = day
    ? sql`f.date_collecte BETWEEN ${addDays(day, -DAYS_BEFORE)} AND ${addDays(day, DAYS_AFTER)}`
    : sql`true`;
  // each branch of the union has an index of its own
  const meant = recherche
    ? sql`SELECT e.id FROM payments.presentations e LEFT JOIN payments.mandates m ON m.id = e.mandat_id
        WHERE ${containsWords(recherche)}`
    : sql`SELECT e.id FROM payments.presentations e WHERE ${isNamed}
        UNION SELECT e.id FROM payments.presentations e JOIN payments.mandates m ON m.id = e.mandat_id
          WHERE ${isOfMandate}
        UNION SELECT e.id FROM payments.presentations e JOIN payments.bank_files f ON f.id = e.file_id
          WHERE ${isOfAmount} AND ${fits}`;
  return await db.$queryRaw<Found[]>`
    SELECT e.id, e.tentative, e.payment_id AS "paymentId", e.montant, e.libelle, m.rum, m.titulaire,
      f.date_collecte AS "dateCollecte",
      coalesce(${isNamed}, false) AS reference, coalesce(${isOfMandate}, false) AS mandat, ${isOfAmount} AS same
    FROM (${meant}) meant JOIN payments.presentations e ON e.id = meant.id
    LEFT JOIN payments.mandates m ON m.id = e.mandat_id
    LEFT JOIN payments.bank_files f ON f.id = e.file_id
    ORDER BY reference DESC, (coalesce(${isOfMandate}, false)::int + ${isOfAmount}::int) DESC, mandat DESC,
      ${day ? sql`abs(f.date_collecte::date - ${day}::date)` : sql`0`}, e.id DESC
    LIMIT ${MOST}`;
}

/** The references of a line, as patterns for EndToEndIds that they are or begin. */
const beginningsOf = ({ endToEndId, instrId, reference }: Staged): string[] =>
  [endToEndId, instrId, reference]
    .map((text) => text.toLowerCase().replace(/[^0-9a-f]/g, ''))
    .filter((text) => isReference(text) && text.length >= SHORTEST_REFERENCE)
    .map((text) => `${text}%`);

/** What people know of a payment. Its id may be written with or without hyphens. */
function containsWords(recherche: string) {
  const words = `%${recherche.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const id = recherche.toLowerCase().replace(/[^0-9a-f]/g, '');
  return sql`(e.libelle ILIKE ${words} OR m.rum ILIKE ${words} OR m.titulaire ILIKE ${words}
    ${id.length >= SHORTEST_REFERENCE && isReference(id) ? sql`OR e.id LIKE ${`${id}%`}` : sql``})`;
}
