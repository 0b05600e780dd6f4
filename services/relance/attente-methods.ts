import type { Db, Tx } from '@crm/db';
import { conflict, page, planned, type Call, type Methods } from '@crm/kit';
import {
  GenreAttente,
  ResultatAttente,
  type AttenteRelance,
  type AttenteRelanceServiceService,
  type CreateAttenteRequest,
} from '@crm/proto/relance/attentes';
import { ActionRelance } from '@crm/proto/relance/relance';
import { v7 } from 'uuid';
import type { Previsions } from './agenda/previsions.ts';
import { attenteInWords } from './attente-in-words.ts';
import { findAttente, type AttenteRow } from './attente-rows.ts';
import type { Attentes, Wake } from './attentes.ts';
import { checkAttente, type AttenteSources } from './check-attente.ts';
import type { OpenDays } from './open-days.ts';
import { rememberAll } from './record-progress.ts';

/** As many holds as one call judges: each asks other services. */
const JUDGED_AT_ONCE = 20;

/** The RPCs about holds. */
export function attenteMethods(
  db: Db,
  holds: Attentes,
  sources: AttenteSources,
  openDays: OpenDays,
  wake: Wake,
  unfinished: (error: unknown, id: string) => void,
  previsions: Pick<Previsions, 'after' | 'lookAgain'>,
): Methods<typeof AttenteRelanceServiceService> {
  const { entity: rows } = holds;
  return {
    create: previsions.after(async (request, call) => {
      const origine = request.origine || null;
      // what was asked for once is not checked again: its invoices may be settled by now
      const known = origine ? await db.attenteRelance.findFirst({ where: sameAs(request) }) : null;
      const plan = await planned(async () =>
        known ? undefined : checkAttente(db, sources, openDays, request, call),
      );
      const create = async (tx: Tx): Promise<AttenteRelance> => {
        const columns = plan();
        if (!columns) return rows.toMessage(asAskedFor(known!, request));
        const { motif, tacheId } = request;
        const id = v7();
        const auteur = call.caller.sub;
        const data = { id, ...columns, motif, tacheId, auteur, origine, createdAt: new Date() };
        const { count } = await tx.attenteRelance.createMany({ data: [data], skipDuplicates: true });
        if (count === 0) {
          const { organisationId } = columns;
          const first = await tx.attenteRelance.findFirstOrThrow({ where: { organisationId, origine } });
          return rows.toMessage(asAskedFor(first, request));
        }
        const hold = await findAttente(tx, id);
        const line = {
          action: ActionRelance.ATTENTE,
          niveau: 0,
          auteur,
          motif,
          detail: attenteInWords(hold),
        };
        const reminders = await holds.reminders(tx, hold);
        await rememberAll(
          tx,
          reminders.map((one) => [one, line]),
        );
        return rows.toMessage(hold);
      };
      const created = await call.once(create, rows.repeat);
      // their plans say so at once; without this they would notice when a level is due
      for (const { invoiceId } of await holds.reminders(db, await findAttente(db, created.id)))
        void wake(invoiceId).catch((error: unknown) => unfinished(error, created.id));
      return created;
    }),
    async get({ id }) {
      const row = await findAttente(db, id);
      if (!row.leveeAt) await holds.open(row);
      return await rows.read(db, id);
    },
    async list({ ouvertes, invoiceId, ...request }) {
      const ofInvoice = invoiceId ? await whereOfInvoice(db, invoiceId) : {};
      const read = () => rows.listWhere(request, { ...ofInvoice, ...(ouvertes && { leveeAt: null }) });
      // only what is shown is judged; where one has ended by that, the page is read again
      const shown = await read();
      const running = shown.attentes.filter(({ leveeAt }) => !leveeAt);
      const open = await holds.stillOpen(running.map(({ id }) => id));
      return open.length === running.length ? shown : await read();
    },
    lever: previsions.after(async ({ id, motif }, call: Call) => {
      const row = await findAttente(db, id);
      // records the idempotency key first, so that the key stands for this request
      await call.once((tx) => rows.read(tx, id), rows.repeat);
      await holds.end(row, { par: call.caller.sub, motif, resultat: ResultatAttente.ATTENTE_LEVEE });
      return await rows.read(db, id);
    }),
    juger: previsions.after(async ({ pageToken }) => {
      // called every hour: what debits and payments have changed meanwhile, too
      if (!pageToken) previsions.lookAgain();
      const due = { OR: [{ leveeAt: null, jugementAt: { lte: new Date() } }, { suiteDue: true }] };
      const { rows: found, nextPageToken } = await page(
        { pageSize: JUDGED_AT_ONCE, pageToken },
        (last, take) =>
          db.attenteRelance.findMany({
            where: { AND: [due, last ? { id: { lt: last } } : {}] },
            orderBy: { id: 'desc' },
            take,
          }),
      );
      const counts = { tenues: 0, rompues: 0, expirees: 0, remises: 0 };
      for (const row of found) {
        try {
          if (row.leveeAt) await holds.finish(row);
          else {
            const count = COUNTS[(await holds.judge(row)) ?? ''];
            if (count) counts[count] += 1;
          }
        } catch (error) {
          unfinished(error, row.id);
          counts.remises += 1;
        }
      }
      return { ...counts, nextPageToken };
    }),
  };
}

const COUNTS: Record<string, 'tenues' | 'rompues' | 'expirees'> = {
  [ResultatAttente.ATTENTE_TENUE]: 'tenues',
  [ResultatAttente.ATTENTE_ROMPUE]: 'rompues',
  [ResultatAttente.ATTENTE_EXPIREE]: 'expirees',
};

/** The hold that a repeated call means. Without an organisation it is that of the invoices or the client. */
const sameAs = ({ organisationId, origine, invoiceIds, clientId }: CreateAttenteRequest) =>
  organisationId
    ? { origine, organisationId }
    : { origine, invoiceIds: { hasEvery: invoiceIds }, ...(clientId && { clientId }) };

/**
 * The hold of an `origine`, if it is the one that is asked for.
 * @throws {RpcError} ALREADY_EXISTS: it is another one, and what is asked for would not be held
 */
function asAskedFor(row: AttenteRow, { genre, clientId, invoiceIds, origine }: CreateAttenteRequest) {
  const isSame =
    (genre === GenreAttente.UNSPECIFIED ? GenreAttente.REPONSE : genre) === row.genre &&
    (clientId || row.clientId) === row.clientId &&
    new Set([...invoiceIds, ...row.invoiceIds]).size === row.invoiceIds.length &&
    invoiceIds.length === row.invoiceIds.length;
  if (isSame) return row;
  throw conflict(`origine: ${origine} is that of another hold: ${attenteInWords(row)}`);
}

/** The holds of an invoice: by name, or of its whole client. */
async function whereOfInvoice(db: Db, invoiceId: string) {
  const reminders = await db.relance.findUnique({ where: { invoiceId } });
  const ofClient = reminders && {
    organisationId: reminders.organisationId,
    clientId: reminders.clientId,
    invoiceIds: { isEmpty: true },
  };
  return { OR: [{ invoiceIds: { has: invoiceId } }, ...(ofClient ? [ofClient] : [])] };
}
