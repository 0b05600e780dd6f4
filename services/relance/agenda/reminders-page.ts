import type { Db } from '@crm/db';
import { addDays, dateInParis, startOfDay } from '@crm/domain';
import { readInvoices, type Invoices } from '../read-invoices.ts';
import { toRelanceRow } from '../relance-rows.ts';
import { foreseenReminder } from '../simulation/lines.ts';
import type { AttenteRow } from '../attente-rows.ts';
import { held } from '../held-back.ts';
import type { Facts, Prevision } from './foresee-clients.ts';
import type { Filters } from './filters.ts';
import { orderFrom, UNDATED, type Window } from './line.ts';
import type { Whose } from './own-rows.ts';
import { explainedLine, type Planned } from './reminder-lines.ts';
import type { EcheanceAgenda } from '@crm/proto/relance/agenda';

/** The condition for the foreseen levels of an organisation or client that a request asks for. */
const wanted = (whose: Whose, filters: Filters, { now }: Window) => ({
  ...(whose.organisationId && { organisationId: whose.organisationId }),
  AND: [
    ...(whose.clientId ? [{ clientId: whose.clientId }] : []),
    ...(filters.manager ? [{ clientId: { in: [...filters.manager.clients] } }] : []),
    ...(filters.enRetardSeulement || filters.retenuesSeulement
      ? [
          {
            OR: [
              ...(filters.enRetardSeulement ? [{ at: { lt: now } }] : []),
              ...(filters.retenuesSeulement ? [{ retenue: true }] : []),
            ],
          },
        ]
      : []),
  ],
  ...(filters.genres.length > 0 && { genre: { in: filters.genres } }),
  ...(filters.montantMin > 0n && { montant: { gte: filters.montantMin } }),
});

/** The sort keys of what belongs to the days: late entries belong to today. Undefined: nothing does. */
export function ordersOf({ now, du, au }: Window): { from: string; before: string } | undefined {
  const today = dateInParis(now);
  if (au < today) return undefined;
  return {
    from: du <= today ? '' : orderFrom(startOfDay(du)),
    before: orderFrom(startOfDay(addDays(au, 1))),
  };
}

/** The next levels after a sort key, at most `take`. */
export async function remindersAfter(
  db: Db,
  { whose, filters, window }: { whose: Whose; filters: Filters; window: Window },
  after: string,
  take: number,
): Promise<Prevision[]> {
  const where = wanted(whose, filters, window);
  const orders = ordersOf(window);
  const read = async (ordre: object, most: number) =>
    (await db.prevision.findMany({
      where: { ...where, ordre },
      orderBy: { ordre: 'asc' },
      take: most,
    })) as unknown as Prevision[];
  const dated =
    orders && after < orders.before
      ? await read(
          after > orders.from ? { gt: after, lt: orders.before } : { gte: orders.from, lt: orders.before },
          take,
        )
      : [];
  if (dated.length === take) return dated;
  return [...dated, ...(await read(after > UNDATED ? { gt: after } : { gte: UNDATED }, take - dated.length))];
}

/** What the lines of some levels say: their reminders, and the invoices that are named. */
export async function readShown(
  db: Db,
  rows: Prevision[],
  sources: Parameters<typeof readInvoices>[0],
  signal: AbortSignal,
): Promise<{ reminders: Map<string, Planned>; invoices: Invoices }> {
  const [found, invoices] = await Promise.all([
    db.relance.findMany({ where: { id: { in: [...new Set(rows.map(({ relanceId }) => relanceId))] } } }),
    readInvoices(
      sources,
      rows.flatMap(({ invoiceId, contenu }) => [invoiceId, contenu.apres, contenu.avec]),
      signal,
    ),
  ]);
  const reminders = found.map((row) => ({ ...toRelanceRow(row), prochaineAt: row.prochaineAt }));
  return { reminders: new Map(reminders.map((row) => [row.id, row])), invoices };
}

/** The line of a level to come, as things are now. Undefined: it was done meanwhile. */
export function reminderEntry(
  { relanceId, niveau, at, montant, contenu }: Prevision,
  {
    reminders,
    facts,
    open,
    asked,
  }: {
    reminders: Map<string, Planned>;
    facts: Facts;
    /** The holds in force. */
    open: AttenteRow[];
    /** Who asked for it to be sent now, by invoice. */
    asked: Map<string, string>;
  },
  window: Window,
): EcheanceAgenda | undefined {
  const row = reminders.get(relanceId);
  const level = row?.niveaux.find((one) => one.niveau === niveau);
  if (!row || !level) return undefined;
  const { covers, invoices, clients } = facts;
  const of = (invoiceId: string) => (invoiceId ? { state: { invoiceId }, row: { invoiceId } } : undefined);
  const { attente: holds } = held(row, open, undefined);
  const coming = {
    ...{ one: { row, state: row, restantDu: invoices.get(row.invoiceId)?.restantDu ?? 0n, attente: holds } },
    ...{ level, at: at ?? undefined, montant, way: contenu.way },
    ...{ after: of(contenu.apres), along: of(contenu.avec) },
    waitedFor: contenu.attend,
  };
  const line = foreseenReminder(coming, invoices, window);
  const why = { level, client: clients.get(row.clientId), asked: asked.get(row.invoiceId) };
  const { attente } = held(row, open, covers.get(row.invoiceId));
  const told = explainedLine(line, why);
  return {
    ...{ ...told, attente },
    ...{ mailGroupeId: contenu.groupe, mailGroupeFactures: contenu.factures },
    ...(contenu.groupe &&
      !contenu.avec && {
        pourquoi: `${told.pourquoi}, un seul mail pour ${contenu.factures} factures`,
      }),
  };
}
