import type { Db } from '@crm/db';
import { addDays, todayInParis } from '@crm/domain';
import { knownOf, remembered } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import type { CouvertureFacture } from '@crm/proto/payments/payments';
import { RUNNING } from '../apply-action.ts';
import type { Attentes } from '../attentes.ts';
import { coversOf } from '../covers-of.ts';
import { wayOf, type Way } from '../decide-send.ts';
import { foresee, type Coming, type Debit } from '../foresee.ts';
import { held } from '../held-back.ts';
import type { MergesReminders } from '../merges-reminders.ts';
import { rememberedDays, type OpenDays } from '../open-days.ts';
import { lastTurns, type Whose } from '../plan-next-send.ts';
import { readInvoices, type Invoices } from '../read-invoices.ts';
import { toRelanceRow } from '../relance-rows.ts';
import { foreseeDebits } from '../simulation/debits.ts';
import { foreseenReminder, type Held } from '../simulation/lines.ts';
import type { AgendaSources } from './agenda-sources.ts';
import { orderOf, type Window } from './line.ts';

/** What is stored of a level to come beside its columns. */
type Contenu = {
  way: Way;
  /** The invoice whose reminder comes before, and sets the distance. Empty: none. */
  apres: string;
  /** The invoice whose reminder takes it along in its mail. Empty: it has a mail of its own. */
  avec: string;
  /** Of a mail for several invoices: its id, and how many they are. */
  groupe: string;
  factures: number;
  /** The debits whose last word it waits for. */
  attend: Pick<Debit, 'libelle' | 'encaisse'>[];
  /** What it was foreseen from and nobody tells us of: `factsOf`. */
  vu: string;
};

/** A row of `previsions`. */
export type Prevision = {
  relanceId: string;
  niveau: number;
  organisationId: string;
  clientId: string;
  invoiceId: string;
  ordre: string;
  at: Date | null;
  genre: string;
  montant: bigint;
  retenue: boolean;
  contenu: Contenu;
};

/** How long open days count that were asked for: as those of thousands of clients in a row are the same. */
const REMEMBERED_MS = 60_000;
/** After every reminder. */
const EVER = new Date(8.64e15);
/** Retries have ended by then. */
const RETRIES_DAYS = 366;

/** What other services know and reminders depend on. */
export type Facts = {
  invoices: Invoices;
  covers: Map<string, CouvertureFacture>;
  clients: Map<string, Client>;
  merges: boolean;
};

/** What a reminder was foreseen from, short: another text means that it has to be foreseen again. */
export function factsOf(
  { invoiceId, clientId }: { invoiceId: string; clientId: string },
  { invoices, covers, clients, merges }: Facts,
): string {
  const client = clients.get(clientId);
  const debits = (covers.get(invoiceId)?.prelevements ?? []).map(
    ({ paymentId, montant, etat, date }) => `${paymentId} ${montant} ${etat} ${date}`,
  );
  const { email = '', emailStatut = '', sansRelance = false } = client ?? {};
  const left = invoices.get(invoiceId)?.restantDu ?? '';
  return [left, ...debits, client ? `${email} ${emailStatut} ${sansRelance}` : '', merges].join('|');
}

/** As the agenda shows it: where nothing would go out because of the client, the line says so and stays. */
function wayOnAgenda(client: Client | undefined) {
  return (level: Parameters<typeof wayOf>[0], montant: bigint): Way => {
    const way = wayOf(level, client, montant);
    return way.raison && way.raison !== 'MONTANT_MINIMUM' ? { by: 'courriel', motif: '' } : way;
  };
}

/**
 * Foresees all levels to come of some clients, with what other services know now: what is left of invoices, debits that
 * cover them, holds, and which go out as one mail.
 * @throws {RpcError} UNAVAILABLE: who knows a part of it is away
 */
export function foreseeClients(
  db: Db,
  openDays: OpenDays,
  sources: AgendaSources,
  attentes: Attentes,
  merges: MergesReminders,
) {
  let days = rememberedDays(openDays);
  let rememberedAt = 0;
  return async (these: Whose[], signal: AbortSignal): Promise<Prevision[]> => {
    const openDaysOf = (organisationId: string) => async (date: string) => {
      try {
        return await days(organisationId)(date);
      } catch (error) {
        // that calendar was away is not remembered
        rememberedAt = 0;
        throw error;
      }
    };
    if (Date.now() - rememberedAt > REMEMBERED_MS) {
      days = rememberedDays(openDays);
      rememberedAt = Date.now();
    }
    // first: if a hold has ended, its reminders are planned again
    const open = await attentes.open(these);
    const found = await db.relance.findMany({
      where: {
        statut: { in: RUNNING },
        OR: these.map(({ organisationId, clientId }) => ({ organisationId, clientId })),
      },
      orderBy: { id: 'asc' },
    });
    const rows = found.map((row) => ({ ...toRelanceRow(row), prochaineAt: row.prochaineAt }));
    const now = new Date();
    const [invoices, covers, clients, turnOf] = await Promise.all([
      readInvoices(
        sources.factures,
        rows.map(({ invoiceId }) => invoiceId),
        signal,
      ),
      coversOf(sources.payments, rows),
      knownOf(
        these.map(({ clientId }) => clientId),
        (page) => sources.clients.list(page),
        (page) => page.clients,
      ),
      these.length > 0 ? lastTurns(db, these) : () => undefined,
    ]);
    const asked = {
      ...{ now, until: new Date(now.getTime() + RETRIES_DAYS * 86_400_000) },
      ...{ motifRejet: '', encaisses: false },
    };
    const debits = await foreseeDebits(sources.retries, [...covers.values()], asked, {});
    const window: Window = { now, du: todayInParis(), au: addDays(todayInParis(), 1) };
    const mergesOf = remembered(merges);
    const told: Prevision[] = [];
    for (const ofClient of byClient(rows)) {
      const { organisationId, clientId } = ofClient[0]!;
      const merged = await mergesOf(organisationId);
      const facts: Facts = { invoices, covers, clients, merges: merged };
      const running = ofClient.flatMap((row): Held[] => {
        const invoice = invoices.get(row.invoiceId);
        if (invoice && invoice.restantDu <= 0n) return [];
        const own = (debits.get(row.invoiceId) ?? []).map(({ debit }) => debit);
        const { attente, finSansPaiement: pasAvant } = held(row, open, undefined);
        return [
          {
            ...{ row, state: row, restantDu: invoice?.restantDu ?? 0n, debits: own, attente, pasAvant },
            // one that a debit covers is planned behind its last word
            planned: own.length > 0 ? undefined : row,
            wayOf: wayOnAgenda(clients.get(clientId)),
          },
        ];
      });
      const { coming } = await foresee(running, {
        ...{ now, until: EVER, turn: turnOf(ofClient[0]!), signal },
        ...{ nextOpenDay: openDaysOf(organisationId), merges: merged && running.length > 1 },
      });
      const mails = groupsOf(coming);
      for (const one of coming) {
        const entry = foreseenReminder(one, invoices, window);
        const { row } = one.one;
        const full = held(row, open, covers.get(row.invoiceId)).attente;
        const group = mails.get(one);
        told.push({
          ...{
            relanceId: row.id,
            niveau: one.level.niveau,
            organisationId,
            clientId,
            invoiceId: row.invoiceId,
          },
          ...{ ordre: orderOf(entry), at: one.at ?? null, genre: entry.genre, montant: entry.montant },
          retenue: entry.enPause || full !== '',
          contenu: {
            ...{ way: one.way, apres: one.after?.row.invoiceId ?? '', avec: one.along?.row.invoiceId ?? '' },
            ...{ groupe: group?.id ?? '', factures: group?.factures ?? 0 },
            attend: one.waitedFor.map(({ libelle, encaisse }) => ({ libelle, encaisse })),
            vu: factsOf(row, facts),
          },
        });
      }
    }
    return told;
  };
}

/** The mails for several invoices, by each level that goes out in one. */
function groupsOf(coming: Coming<Held>[]): Map<Coming<Held>, { id: string; factures: number }> {
  const groups = new Map<Coming<Held>, { id: string; factures: number }>();
  let carrier: Coming<Held> | undefined;
  for (const one of coming) {
    if (!one.along) {
      carrier = one;
      continue;
    }
    const { row } = carrier!.one;
    const group = groups.get(carrier!) ?? { id: `${row.id}/${carrier!.level.niveau}`, factures: 1 };
    group.factures += 1;
    groups.set(carrier!, group).set(one, group);
  }
  return groups;
}

function byClient<Row extends Whose>(rows: Row[]): Iterable<Row[]> {
  const clients = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.organisationId}/${row.clientId}`;
    const ofClient = clients.get(key);
    if (ofClient) ofClient.push(row);
    else clients.set(key, [row]);
  }
  return clients.values();
}
