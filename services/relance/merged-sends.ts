import type { Db, Tx } from '@crm/db';
import { hasEnded } from './apply-action.ts';
import { isDueNow } from './decide-send.ts';
import type { Whose } from './plan-next-send.ts';
import { toRelanceRow, type RelanceRow } from './relance-rows.ts';
import { underWayColumn, underWayOf } from './under-way.ts';
import type { Member } from './who-is-merged.ts';

/** The states of a mail for several invoices: being sent, recorded as sent, given up. */
const EN_COURS = 'EN_COURS';
const PARTI = 'PARTI';
const ABANDONNE = 'ABANDONNE';

/** The reminders of an invoice that a mail was decided for. */
export type Membre = { relanceId: string; invoiceId: string; numero: string; niveau: number; cycle: number };

/** A mail for several invoices. */
export type EnvoiGroupe = Whose & { id: string; statut: string; porteurId: string; membres: Membre[] };

/** Wakes the workflows of the other invoices of a mail. Never throws. */
export type WakeOthers = (group: EnvoiGroupe, row: Pick<RelanceRow, 'id'>) => Promise<unknown>;

/** @returns undefined: there is none with this id */
export async function findGroup(db: Db, id: string): Promise<EnvoiGroupe | undefined> {
  const row = await db.envoiGroupe.findUnique({ where: { id } });
  return row ? { ...row, membres: row.membres as Membre[] } : undefined;
}

/** The mail for several invoices that reminders are part of and that is being sent. */
export async function groupOf(db: Db, row: RelanceRow): Promise<EnvoiGroupe | undefined> {
  const id = underWayOf(row)?.groupe;
  const group = id ? await findGroup(db, id) : undefined;
  return group?.statut === EN_COURS ? group : undefined;
}

/**
 * Decides on a mail, in one transaction with the client's turn. Every invoice that it is about is bound to it until it
 * is recorded or given up. An invoice alone is marked too, so that no other mail takes it along.
 * @param carrier the reminders whose workflow sends it
 * @param groupe the id of a mail for several invoices; empty: the carrier's alone
 * @returns false: the turn was taken, or reminders have changed since they were read
 */
export async function beginSend(
  db: Db,
  { carrier, groupe, members }: { carrier: RelanceRow; groupe: string; members: Member[] },
  takeTurn: (tx: Tx) => Promise<boolean>,
): Promise<boolean> {
  const begin = async (tx: Tx): Promise<void> => {
    if (!(await takeTurn(tx))) throw new Changed();
    await mark(tx, groupe ? members.map(({ row }) => row) : [carrier], groupe);
    if (!groupe) return;
    const { organisationId, clientId, id: porteurId } = carrier;
    const membres: Membre[] = members.map(({ row, invoice: { id: invoiceId, numero } }) => ({
      ...{ relanceId: row.id, invoiceId, numero, niveau: row.prochainNiveau, cycle: row.cycle },
    }));
    await tx.envoiGroupe.create({
      data: { id: groupe, organisationId, clientId, statut: EN_COURS, porteurId, membres },
    });
  };
  try {
    await db.$transaction(begin);
    return true;
  } catch (error) {
    if (error instanceof Changed) return false;
    throw error;
  }
}

class Changed extends Error {}

async function mark(tx: Tx, rows: RelanceRow[], groupe: string): Promise<void> {
  const marks = rows.map(({ id, version, envoiEnCours, prochainNiveau, cycle }) => ({
    ...{ id, version, before: envoiEnCours, mark: underWayColumn(prochainNiveau, cycle, groupe) },
  }));
  const marked = await tx.$executeRaw`
    UPDATE relance.relances AS r SET envoi_en_cours = m.mark
    FROM jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) AS m(id text, version int, before text, mark text)
    WHERE r.id = m.id AND r.version = m.version AND r.envoi_en_cours = m.before`;
  if (marked < rows.length) throw new Changed();
}

/**
 * Whether the workflow of these reminders sends the mail: they were the first, or those that were have ended, are paused
 * or held back, and these take over.
 */
export async function carries(db: Db, { id, porteurId }: EnvoiGroupe, row: RelanceRow): Promise<boolean> {
  if (porteurId === row.id) return true;
  const found = await db.relance.findUnique({ where: { id: porteurId } });
  const carrier = found && toRelanceRow(found);
  const own = carrier && !hasEnded(carrier) ? underWayOf(carrier) : undefined;
  if (own?.groupe === id && isDueNow(carrier!, own.niveau, new Date())) return false;
  const { count } = await db.envoiGroupe.updateMany({
    where: { id, porteurId, statut: EN_COURS },
    data: { porteurId: row.id },
  });
  return count === 1;
}

/** Marks a mail as sent. @returns false: it was before, or was given up */
export async function markGroupSent(tx: Tx, id: string, messageId: string, at: Date): Promise<boolean> {
  const data = { statut: PARTI, messageId, partiAt: at };
  return (await tx.envoiGroupe.updateMany({ where: { id, statut: EN_COURS }, data })).count === 1;
}

/** Gives a mail up: each of its invoices goes its own way again. */
export async function giveUp(db: Db, group: EnvoiGroupe): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.envoiGroupe.updateMany({
      where: { id: group.id, statut: EN_COURS },
      data: { statut: ABANDONNE },
    });
    await release(tx, group);
  });
}

/** Unbinds the reminders that are bound to a mail. */
export async function release(tx: Tx, { id, membres }: EnvoiGroupe): Promise<void> {
  await tx.relance.updateMany({
    where: { id: { in: membres.map(({ relanceId }) => relanceId) }, envoiEnCours: { endsWith: `/${id}` } },
    data: { envoiEnCours: '' },
  });
}
