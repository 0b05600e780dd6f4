import type { Db } from '@crm/db';
import { staleCommand, todayInParis, unlessStale, type Users } from '@crm/domain';
import { failedPrecondition, invalid, orUndefined, RpcError, type Call, type Methods } from '@crm/kit';
import type { ActionRelance, Relance, RelanceServiceService } from '@crm/proto/relance/relance';
import type { ReminderCommand, ReminderCommands } from '@crm/workflows/reminder-commands';
import { status } from '@grpc/grpc-js';
import { hasEnded, plannedLevel } from './apply-action.ts';
import { wayOf } from './decide-send.ts';
import { decision } from './dossier/in-words.ts';
import type { HeldBack } from './held-back.ts';
import type { Orders } from './order-reminders.ts';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import { assertSendable } from './record-progress.ts';
import { targetRules } from './regles-relance.ts';
import { findRow, type RelanceRow } from './relance-rows.ts';
import type { ClientSource } from './reserve-send.ts';

export type Commands = Pick<
  Methods<typeof RelanceServiceService>,
  'pause' | 'resume' | 'sendNow' | 'skip' | 'cancel' | 'migrer'
>;

/** What every command's request says, and what the command itself needs. */
type Request<C extends ReminderCommand> = {
  id: string;
  motif: string;
  versionAttendue?: number | undefined;
} & Omit<ReminderCommands[C], 'who' | 'why' | 'versionAttendue'>;

/** Checks a command before it is sent; the check that counts is made when it is carried out. */
type Check = (row: RelanceRow) => Promise<unknown>;

/**
 * The commands of business users for the reminders of an invoice: updates of its workflow, which accepts or
 * refuses them, and records the accepted ones with author and reason. A command can say which version of the
 * reminders the person has seen.
 * @param orders `orderReminders`, or `lookAtReminders`, which sends nothing
 */
export function commands(
  db: Db,
  { claim, order }: Orders,
  heldBack: HeldBack,
  { factures, clients, users }: { factures: InvoiceSource; clients: ClientSource; users: Users },
): Commands {
  const stale = async ({ id }: RelanceRow, seen: number): Promise<RpcError> => {
    const { version, prochainNiveau } = await findRow(db, id);
    const lines = await db.historiqueRelance.findMany({
      where: { relanceId: id, version: { gt: seen } },
      orderBy: { id: 'desc' },
    });
    const since = lines.map((line) => ({ ...line, quoi: decision(line.action as ActionRelance) }));
    const now = prochainNiveau ? `prochain niveau: ${prochainNiveau}` : 'plus aucun niveau à venir';
    return await staleCommand(users, { seen, version }, since, now);
  };
  /** A repeat of a command that was carried out is not checked again: it could not be done twice. */
  const wasDone = async ({ id: relanceId }: RelanceRow, { repeatId: commandeId }: Call) =>
    commandeId !== undefined &&
    (await db.historiqueRelance.findFirst({ where: { relanceId, commandeId } })) !== null;
  const tell = async <C extends ReminderCommand>(
    name: C,
    { id, motif, versionAttendue, ...rest }: Request<C>,
    call: Call,
    check?: Check,
  ): Promise<Relance> => {
    const row = await findRow(db, id);
    if (await wasDone(row, call)) return await claim(row.id, call);
    const seen = versionAttendue;
    const now = async () => (await findRow(db, id)).version;
    return await unlessStale({ version: seen, now, stale: (version) => stale(row, version) }, async () => {
      await check?.(row);
      const said = { ...rest, why: motif, ...(seen !== undefined && { versionAttendue: seen }) };
      return await order(row, name, said, call).catch((error: unknown) => {
        const isNotRunning = error instanceof RpcError && error.code === status.FAILED_PRECONDITION;
        throw isNotRunning && hasEnded(row)
          ? failedPrecondition('RELANCE_TERMINEE', `the reminders have ended: ${row.statut}`)
          : error;
      });
    });
  };
  const assertMaySend = async (row: RelanceRow, { signal }: Call): Promise<void> => {
    // a level that a person asks for is not asked about
    const niveaux = row.niveaux.map((level) => ({ ...level, demandee: true }));
    const { attente, montantPreleve } = (await heldBack([row]))({ ...row, niveaux });
    if (attente) {
      const instead = montantPreleve
        ? 'wait for the bank’s word, or have the rule remind in spite of a debit: malgre_prelevement'
        : 'end the hold: relance.AttenteRelanceService/Lever';
      throw failedPrecondition('RELANCE_RETENUE', `the reminders are held back (${attente}): ${instead}`);
    }
    const level = plannedLevel(row);
    if (!level || hasEnded(row)) return;
    const client = await orUndefined(clients.get({ id: row.clientId }));
    const { raison, motif } = wayOf({ ...level, demandee: true }, client, 0n);
    if (raison) throw failedPrecondition(raison, `the client gets no reminder: ${motif}`);
    const invoice = (await readInvoices(factures, [row.invoiceId], signal)).get(row.invoiceId);
    if (invoice) assertSendable(row, row.prochainNiveau, invoice.dateEcheance);
  };
  return {
    pause: async (request, call) => {
      assertLater(request.jusquAu);
      return await tell('pause', request, call);
    },
    resume: (request, call) => tell('resume', request, call),
    sendNow: (request, call) => tell('sendNow', request, call, (row) => assertMaySend(row, call)),
    skip: (request, call) => tell('skip', request, call),
    cancel: (request, call) => tell('cancel', request, call),
    migrer: (request, call) =>
      tell('migrate', request, call, (row) => targetRules(db, row.organisationId, request.regleId)),
  };
}

/** @throws {RpcError} INVALID_ARGUMENT: the last day of a pause has come */
export function assertLater(jusquAu: string): void {
  if (jusquAu && jusquAu <= todayInParis()) throw invalid('jusquAu', 'must be after today');
}
