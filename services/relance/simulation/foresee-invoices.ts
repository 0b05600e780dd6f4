import type { Db } from '@crm/db';
import { clientName, startOfDay, todayInParis } from '@crm/domain';
import { orUndefined, remembered } from '@crm/kit';
import { Client } from '@crm/proto/clients/clients';
import type { CouvertureFacture, Prelevement } from '@crm/proto/payments/payments';
import type { EcheanceAgenda } from '@crm/proto/relance/agenda';
import { FactureSimulee, type Prevision } from '@crm/proto/relance/simulation';
import type { AgendaSources } from '../agenda/agenda-sources.ts';
import { debitLines } from '../agenda/debit-lines.ts';
import { orderOf, type Window } from '../agenda/line.ts';
import { readAll } from '../agenda/read-all.ts';
import { readKnown, withNames } from '../agenda/with-names.ts';
import { hasEnded, type State } from '../apply-action.ts';
import type { AttenteRow } from '../attente-rows.ts';
import type { Attentes } from '../attentes.ts';
import { foresee } from '../foresee.ts';
import { coversOf } from '../covers-of.ts';
import { held } from '../held-back.ts';
import { rememberedDays, type OpenDays } from '../open-days.ts';
import { lastTurns, type Whose } from '../plan-next-send.ts';
import { mergesReminders, type Organisations } from '../merges-reminders.ts';
import { levelsFor } from '../regles-relance.ts';
import type { ClientSource } from '../reserve-send.ts';
import { foreseeDebits, type ForeseenDebit, type RetrySource } from './debits.ts';
import { differences } from './differences.ts';
import { SUPPOSED, type Subject } from './find-invoices.ts';
import { foreseenReminder, foreseenRetries, type Held } from './lines.ts';
import type { Asked, Policy } from './read-request.ts';
import { remindersOf } from './reminders-of.ts';

/** The services that know what is to come; called with the caller's own token. */
export type SimulationSources = AgendaSources & {
  clients: ClientSource;
  organisations: Organisations;
  retries: RetrySource;
};

/** What is true of a group of invoices, whatever the policy. */
type Known = {
  subjects: Subject[];
  clientOf: (id: string) => Client | undefined;
  /** The holds in force. */
  open: AttenteRow[];
  turnOf: (whose: Whose) => { envoi: string; dernierAt: Date } | undefined;
  covers: Map<string, CouvertureFacture>;
  prelevements: Prelevement[];
};

/**
 * Foresees invoices of whole clients by each policy: their reminders, which keep their distance from each other, and their
 * debits. All that it depends on is read for the whole group at once.
 */
export function foreseeInvoices(
  db: Db,
  openDays: OpenDays,
  sources: SimulationSources,
  attentes: Attentes,
  asked: Asked,
  signal: AbortSignal,
) {
  const days = rememberedDays(openDays);
  const merges = mergesReminders(sources.organisations);
  const inForce = remembered((organisationId: string) => levelsFor(db, organisationId));
  const window: Window = { now: asked.now, du: todayInParis(), au: asked.au };

  return async (subjects: Subject[]): Promise<FactureSimulee[]> => {
    signal.throwIfAborted();
    const known = await read(subjects);
    const byPolicy: Prevision[][] = [];
    for (const policy of asked.policies) byPolicy.push(await foreseeBy(policy, known));
    return subjects.map(({ invoice, row }, index) => {
      const { id: invoiceId, numero, organisationId, clientId, restantDu } = invoice;
      const client = known.clientOf(clientId);
      const [prevision, comparee] = byPolicy.map((all) => all[index]!);
      const { attente = '' } =
        row && !hasEnded(row) ? held(row, known.open, known.covers.get(invoiceId)) : {};
      return FactureSimulee.fromPartial({
        ...{ invoiceId, numero, organisationId, clientId, restantDu, attente, prevision },
        client: client ? clientName(client) : '',
        ...(comparee && { comparee, differences: differences(prevision!.echeances, comparee.echeances) }),
      });
    });
  };

  async function read(subjects: Subject[]): Promise<Known> {
    const real = subjects.filter(({ invoice }) => invoice.id !== SUPPOSED).map(({ invoice }) => invoice);
    const whose = real.map(({ organisationId, clientId }) => ({ organisationId, clientId }));
    const [turnOf, open, covers, clients] = await Promise.all([
      real.length > 0 ? lastTurns(db, whose) : () => undefined,
      attentes.open(whose),
      coversOf(
        sources.payments,
        real.map(({ id: invoiceId }) => ({ invoiceId })),
      ),
      Promise.all(
        [...new Set(real.map(({ clientId }) => clientId))].map((id) =>
          orUndefined(sources.clients.get({ id })),
        ),
      ),
    ]);
    const known = new Map(clients.flatMap((client) => (client ? [[client.id, client]] : [])));
    const ids = new Set(real.map(({ id }) => id));
    // announced and collected on days that covers do not tell
    const debited = new Map(
      real.filter(({ id }) => covers.has(id)).map((one) => [`${one.organisationId}/${one.clientId}`, one]),
    );
    const prelevements = await Promise.all([...debited.values()].map((one) => readPrelevements(one)));
    return {
      ...{ subjects, turnOf, covers, open },
      clientOf: (id) => known.get(id),
      prelevements: prelevements.flat().filter(({ paiement }) => ids.has(paiement!.invoiceId)),
    };
  }

  function readPrelevements({ organisationId, clientId }: Whose): Promise<Prelevement[]> {
    return readAll('debits', signal, async (page) => {
      const of = { organisationId, clientId, au: asked.au, ouPrenotification: true };
      const { prelevements: rows, nextPageToken } = await sources.payments.listPrelevements({
        ...of,
        ...page,
      });
      return { rows, nextPageToken };
    });
  }

  async function foreseeBy(policy: Policy, known: Known): Promise<Prevision[]> {
    const { subjects, covers, prelevements } = known;
    const debits = await foreseeDebits(sources.retries, [...covers.values()], asked, policy);
    const invoices = new Map(subjects.map(({ invoice }) => [invoice.id, invoice]));
    const running: Held[] = [];
    for (const subject of subjects) running.push(await runningOf(subject, policy, known, debits));
    const entries = new Map<string, EcheanceAgenda[]>(subjects.map(({ invoice }) => [invoice.id, []]));
    const ends = new Map<Held, State>();
    for (const ofClient of byClient(running)) {
      const { row } = ofClient[0]!;
      const isSupposed = row.invoiceId === SUPPOSED;
      const foresight = await foresee(ofClient, {
        now: isSupposed ? beginOf(subjects[0]!, asked.now) : asked.now,
        until: asked.until,
        turn: known.turnOf(row),
        nextOpenDay: days(row.organisationId),
        merges: ofClient.length > 1 && (await merges(row.organisationId)),
        signal,
      });
      for (const coming of foresight.coming)
        entries.get(coming.one.row.invoiceId)!.push(foreseenReminder(coming, invoices, window));
      for (const [one, state] of foresight.ends) ends.set(one, state);
    }
    for (const told of debitLines(prelevements, invoices, window)) entries.get(told.invoiceId)?.push(told);
    for (const { invoice } of subjects) {
      const { id: invoiceId, numero, organisationId, clientId } = invoice;
      const whose = { organisationId, clientId, invoiceId };
      for (const debit of debits.get(invoiceId) ?? [])
        entries.get(invoiceId)!.push(...foreseenRetries(debit, whose, numero, window));
    }
    const names = await readKnown([...entries.values()].flat(), sources, signal);
    return subjects.map(({ invoice: { id: invoiceId } }, index) => {
      const echeances = entries
        .get(invoiceId)!
        .map((told) => ({ told, order: orderOf(told) }))
        .sort((a, b) => (a.order < b.order ? -1 : 1))
        .map(({ told }) => withNames(told, { ...names, invoices }));
      const reessais = (debits.get(invoiceId) ?? []).map(({ simule, debit: { libelle } }) => {
        const { id: paymentId, statut, motifFin, obstacle, finAt } = simule;
        return { paymentId, libelle, statut, motifFin: motifFin || obstacle, finAt };
      });
      return { echeances, statut: ends.get(running[index]!)!.statut, reessais };
    });
  }

  /** The reminders of an invoice as they are, or as the policy makes them. */
  async function runningOf(
    { invoice, row }: Subject,
    { niveaux }: Policy,
    { clientOf, open }: Known,
    debits: Map<string, ForeseenDebit[]>,
  ): Promise<Held> {
    const { id: invoiceId, organisationId, clientId } = invoice;
    const levels = niveaux ?? (row ? undefined : await inForce(organisationId));
    // one that does not exist is of a client who gets mails
    const client = invoiceId === SUPPOSED ? ANYBODY : clientOf(clientId);
    const reminded = {
      invoice,
      row,
      levels,
      client,
      debits: debits.get(invoiceId)?.map(({ debit }) => debit),
      ...(asked.reprend && { adopteeAt: asked.now }),
    };
    const followed = await remindersOf(reminded, asked.now, days(organisationId));
    const planned = { prochainNiveau: row?.prochainNiveau ?? 0, prochaineAt: row?.prochaineAt ?? null };
    const ids = { organisationId, clientId, version: 0, envoiEnCours: row?.envoiEnCours ?? '' };
    const running = { ...followed.state, ...planned, ...ids };
    // debits are foreseen apart; what a person has to end is foreseen as if that were now
    const { attente, finSansPaiement: pasAvant } = held(running, open, undefined);
    return { ...followed, row: running, attente, pasAvant };
  }
}

const ANYBODY = Client.fromPartial({ email: 'client@exemple.test' });

/** An invoice that does not exist is followed from its issue on. */
function beginOf({ invoice: { createdAt, dateFacture } }: Subject, now: Date): Date {
  const begin = startOfDay(dateFacture);
  return createdAt ?? (begin > now ? begin : now);
}

function byClient(running: Held[]): Held[][] {
  const clients = new Map<string, Held[]>();
  for (const one of running) {
    const key = `${one.row.organisationId}/${one.row.clientId}`;
    clients.set(key, [...(clients.get(key) ?? []), one]);
  }
  return [...clients.values()];
}
