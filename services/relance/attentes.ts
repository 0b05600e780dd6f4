import type { Db, Tx } from '@crm/db';
import { dateInParis, formatDate, formatEuros } from '@crm/domain';
import { entity, knownOf, type Connected, type Entity } from '@crm/kit';
import { StatutTache, type TacheServiceService } from '@crm/proto/activites/activites';
import { AttenteRelance, GenreAttente, ResultatAttente } from '@crm/proto/relance/attentes';
import { ActionRelance } from '@crm/proto/relance/relance';
import { RUNNING } from './apply-action.ts';
import { attenteInWords } from './attente-in-words.ts';
import { concerns, isPromise, promisedOf, type AttenteRow } from './attente-rows.ts';
import { attenteTasks, type AttenteTasks } from './attente-tasks.ts';
import type { AttenteSources } from './check-attente.ts';
import { concernedInvoices } from './concerned-invoices.ts';
import { coversOf, type DebitSource } from './covers-of.ts';
import { judgePromise, type Facts, type Verdict } from './judge-promise.ts';
import type { OpenDays } from './open-days.ts';
import { planNextSend, type Whose } from './plan-next-send.ts';
import { receivedSince } from './received-since.ts';
import { rememberAll, SUIVI } from './record-progress.ts';
import { toRelanceRow, type RelanceRow } from './relance-rows.ts';

/** What holds are judged by, and the tasks that end them; called with the caller's own token. */
type Sources = AttenteSources & {
  taches: Pick<Connected<typeof TacheServiceService>, 'list' | 'create'>;
  payments: DebitSource;
};

/**
 * Makes the workflow of an invoice's reminders read them again. No effect if none runs.
 * @throws {RpcError} UNAVAILABLE: Temporal is away
 */
export type Wake = (invoiceId: string) => Promise<unknown>;

/** The holds on the reminders of clients. */
export type Attentes = {
  /**
   * The holds in force. One has ended if its task is done or cancelled, or if its day has come and it is judged so: this
   * is recorded, and the reminders are planned again.
   * @param of a client, several clients, or a whole organisation
   * @throws {RpcError} UNAVAILABLE: who knows is away
   */
  open(of: Of): Promise<AttenteRow[]>;
  /** Which of these are in force, after the same judgement. */
  stillOpen(ids: string[]): Promise<AttenteRow[]>;
  /** Whether the reminders of an invoice have a hold in force, as far as it is recorded. */
  isHeld(one: Reminders): Promise<boolean>;
  /** Judges the promises about an invoice now: it may have been settled. */
  judgePromises(of: Reminders): Promise<void>;
  /** Judges one whose day has come. Returns how it ended; undefined: it goes on. */
  judge(row: AttenteRow): Promise<ResultatAttente | undefined>;
  /** Ends a hold, once, and does what follows. */
  end(row: AttenteRow, end: End): Promise<void>;
  /**
   * Does what follows from the end of a hold: the task, if there is one, and planning the reminders again, under the
   * holds that remain. Can be repeated.
   * @throws {RpcError} UNAVAILABLE: somebody who must be told is away
   */
  finish(row: AttenteRow): Promise<void>;
  /** The reminders of a hold with something to send. */
  reminders(tx: Tx | Db, hold: AttenteRow): Promise<RelanceRow[]>;
  tasks: AttenteTasks;
  entity: Entity<AttenteRelance, 'attentes'>;
};

type Of = Whose[] | { organisationId?: string; clientId?: string };
type Reminders = Whose & { invoiceId: string };
/** Who ended it, why, and how. */
type End = { par: string; motif: string; resultat: ResultatAttente };

const { ATTENTE_TENUE, ATTENTE_ROMPUE, ATTENTE_LEVEE, ATTENTE_EXPIREE } = ResultatAttente;
/** The ways of ending that make a task. */
const WITH_TASK: string[] = [ATTENTE_ROMPUE, ATTENTE_EXPIREE];

/** The states in which a task has ended, in words. */
const ENDS: Partial<Record<StatutTache, string>> = {
  [StatutTache.TERMINEE]: 'tâche terminée',
  [StatutTache.ANNULEE]: 'tâche annulée',
};

/** @param unfinished is told of a hold that has ended and whose consequences must be tried again later */
export function attentes(
  db: Db,
  openDays: OpenDays,
  sources: Sources,
  wake: Wake,
  unfinished: (error: unknown, id: string) => void,
): Attentes {
  const tasks = attenteTasks(sources);

  const end: Attentes['end'] = async (row, { par, motif, resultat }) => {
    const ended = { leveeAt: new Date(), leveePar: par, leveeMotif: motif, resultat, suiteDue: true };
    const isFirst = await db.$transaction(async (tx) => {
      const { count } = await tx.attenteRelance.updateMany({
        where: { id: row.id, leveeAt: null },
        data: ended,
      });
      if (count === 0) return false;
      const line = {
        action: ActionRelance.LEVEE,
        niveau: 0,
        auteur: par,
        motif,
        detail: attenteInWords(row),
      };
      const reminders = await running(tx, row);
      await rememberAll(
        tx,
        reminders.map((one) => [one, line]),
      );
      return true;
    });
    // if the process dies here, or somebody is away, `Juger` finishes it
    if (isFirst) await finish({ ...row, ...ended }).catch((error: unknown) => unfinished(error, row.id));
  };

  const finish: Attentes['finish'] = async (row) => {
    if (WITH_TASK.includes(row.resultat)) {
      const open = [...(await about(row)).values()].filter(({ restantDu }) => restantDu > 0n);
      // of invoices that are settled by now, nobody has to do anything
      const isNeedless = open.length === 0 && (isPromise(row) || row.invoiceIds.length > 0);
      if (!isNeedless) await tasks.ended(row, open);
    }
    for (const reminder of await running(db, row)) {
      const next = await planNextSend(db, reminder, reminder, openDays);
      const { id, version } = reminder;
      const isOther = next.prochainNiveau !== reminder.prochainNiveau;
      await db.relance.updateMany({
        where: { id, version },
        data: { ...next, version: version + Number(isOther) },
      });
      await wake(reminder.invoiceId);
    }
    await db.attenteRelance.updateMany({ where: { id: row.id }, data: { suiteDue: false } });
  };

  const judge: Attentes['judge'] = async (row) => {
    const verdict = await verdictOn(row);
    if (verdict.is === 'open') {
      const { nextAt } = verdict;
      if (nextAt.getTime() === row.jugementAt?.getTime()) return undefined;
      await db.attenteRelance.updateMany({
        where: { id: row.id, leveeAt: null },
        data: { jugementAt: nextAt },
      });
      row.jugementAt = nextAt;
      return undefined;
    }
    await end(row, { par: SUIVI, ...verdict });
    return verdict.resultat;
  };

  async function verdictOn(row: AttenteRow) {
    if (!isPromise(row))
      return {
        is: 'over',
        resultat: ATTENTE_EXPIREE,
        motif: `terme du ${formatDate(row.jusquAu)} passé`,
      } as const;
    const facts = await factsOf(row);
    return inWords(judgePromise(promisedOf(row), facts, new Date()), facts);
  }

  const about = (row: AttenteRow) =>
    concernedInvoices(db, sources.factures, { ...row, asOf: isPromise(row) ? row.createdAt : undefined });

  async function factsOf(row: AttenteRow): Promise<Facts> {
    const invoices = await about(row);
    const [received, covers] = await Promise.all([
      receivedSince(sources, invoices, dateInParis(row.createdAt)),
      coversOf(
        sources.payments,
        [...invoices.keys()].map((invoiceId) => ({ invoiceId })),
      ),
    ]);
    return {
      received: received - row.recuAvant,
      debits: [...covers.values()].flatMap(({ prelevements }) => prelevements),
      isSettled: invoices.size > 0 && [...invoices.values()].every(({ restantDu }) => restantDu <= 0n),
    };
  }

  async function openWhere(whose: object): Promise<AttenteRow[]> {
    const found = await db.attenteRelance.findMany({
      where: { ...whose, leveeAt: null },
      orderBy: { id: 'asc' },
    });
    const ids = found.map(({ tacheId }) => tacheId);
    const known = await knownOf(
      ids,
      (page) => sources.taches.list(page),
      (page) => page.taches,
    );
    const open: AttenteRow[] = [];
    for (const row of found) {
      const tache = known.get(row.tacheId);
      const motif = tache && ENDS[tache.statut];
      const isDue = row.jugementAt !== null && row.jugementAt <= new Date();
      if (motif) await end(row, { par: tache.assigneA || 'activites', motif, resultat: ATTENTE_LEVEE });
      else if (!isDue || !(await judge(row))) open.push(row);
    }
    return open;
  }

  return {
    entity: entity(db, {
      model: 'attenteRelance',
      plural: 'attentes',
      message: AttenteRelance,
      derived: (row) => {
        const hold = row as AttenteRow;
        return { libelle: attenteInWords(hold), echeances: promisedOf(hold) };
      },
    }),
    tasks,
    reminders: running,
    judge,
    end,
    finish,
    async open(of) {
      if (Array.isArray(of) && of.length === 0) return [];
      return await openWhere(Array.isArray(of) ? { OR: of.map(toWhose) } : given(of));
    },
    stillOpen: async (ids) => (ids.length === 0 ? [] : await openWhere({ id: { in: ids } })),
    async isHeld(one) {
      const found = await db.attenteRelance.findMany({ where: { ...toWhose(one), leveeAt: null } });
      return found.some((row) => concerns(row, one));
    },
    async judgePromises(one) {
      const genre = { in: [GenreAttente.PROMESSE, GenreAttente.ECHEANCIER] };
      const found = await db.attenteRelance.findMany({ where: { ...toWhose(one), genre, leveeAt: null } });
      for (const row of found) if (concerns(row, one)) await judge(row);
    },
  };
}

/** What a verdict means for the hold. */
function inWords(verdict: Verdict, { received, isSettled }: Facts) {
  switch (verdict.is) {
    case 'open':
      return verdict;
    case 'kept': {
      const how = isSettled ? 'tout est réglé' : `${formatEuros(received)} reçus`;
      return { is: 'over', resultat: ATTENTE_TENUE, motif: `promesse tenue: ${how}` } as const;
    }
    case 'broken': {
      const { due, missed } = verdict;
      const had = formatEuros(received > 0n ? received : 0n);
      const motif = `promesse non tenue: ${had} reçus sur ${formatEuros(due)} promis pour le ${formatDate(missed.date)}`;
      return { is: 'over', resultat: ATTENTE_ROMPUE, motif } as const;
    }
  }
}

/** The reminders of a hold with something to send. */
async function running(
  tx: Tx | Db,
  { organisationId, clientId, invoiceIds }: Pick<AttenteRow, 'organisationId' | 'clientId' | 'invoiceIds'>,
): Promise<RelanceRow[]> {
  const rows = await tx.relance.findMany({
    where: {
      organisationId,
      clientId,
      statut: { in: RUNNING },
      ...(invoiceIds.length > 0 && { invoiceId: { in: invoiceIds } }),
    },
  });
  return rows.map(toRelanceRow);
}

const toWhose = ({ organisationId, clientId }: Whose): Whose => ({ organisationId, clientId });

const given = ({ organisationId, clientId }: { organisationId?: string; clientId?: string }) => ({
  ...(organisationId && { organisationId }),
  ...(clientId && { clientId }),
});
