import type { Db } from '@crm/db';
import { clientName, dateInParis, FORMAL_NOTICE } from '@crm/domain';
import { notFound, orUndefined, type Call, type Connected, type Methods } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import type { EmailServiceService } from '@crm/proto/email/email';
import type { Invoice } from '@crm/proto/factures/factures';
import type { CourrielRelance, PreviewSendResponse, RelanceServiceService } from '@crm/proto/relance/relance';
import { hasEnded, plannedLevel } from './apply-action.ts';
import { decideSend, wayOf } from './decide-send.ts';
import { overdueFrom } from './due-at.ts';
import { nextSendTime } from './next-send-time.ts';
import { rememberedDays, type OpenDays } from './open-days.ts';
import { mergedMail } from './merged-mail.ts';
import type { MergesReminders } from './merges-reminders.ts';
import { otherReminders } from './other-reminders.ts';
import type { ReadTruth } from './refresh.ts';
import { findRow, relanceEntity } from './relance-rows.ts';
import type { ClientSource } from './reserve-send.ts';
import { sendObstacles } from './send-obstacles.ts';
import { whoIsMerged, type Candidate } from './who-is-merged.ts';

/** The services that know the client and the words of mails, asked with the caller's own token. */
export type PreviewSources = {
  clients: ClientSource;
  emails: Pick<Connected<typeof EmailServiceService>, 'previewTemplate'>;
};

/**
 * Shows the next reminder of an invoice as it would go out by what is true now: planned, decided and rendered by what
 * does it for real. Stores nothing and takes no turn.
 * @throws {RpcError} NOT_FOUND; UNAVAILABLE: who knows a part of it is away
 */
export function previewSend(
  db: Db,
  openDays: OpenDays,
  read: ReadTruth,
  merges: MergesReminders,
  { clients, emails }: PreviewSources,
): Methods<typeof RelanceServiceService>['previewSend'] {
  const { toMessage } = relanceEntity(db);
  const rendered = async (
    { modele, destinataire, ...courriel }: CourrielRelance,
    { organisationId, dateEcheance }: Invoice,
    now: Date,
  ) => {
    // a formal notice is only possible once the invoice is overdue: it is shown as of that day
    const overdue = overdueFrom({ dateEcheance });
    const isEarly = modele === FORMAL_NOTICE && overdue > now;
    const variables = { ...courriel.variables, ...(isEarly && { aujourdhui: dateInParis(overdue) }) };
    // without its sample, which has nothing to do with this client
    const { exemple: _, ...words } = await emails.previewTemplate({ modele, variables, organisationId });
    return { ...words, modele, destinataire };
  };
  const othersOf = otherReminders(db, read);
  /** Those that go out in one mail with this one at its time, if nothing changes; none if it goes out alone. */
  const mergedWith = async (one: Candidate, client: Client | undefined, now: Date, call: Call) => {
    const { row } = one;
    if (!(await merges(row.organisationId))) return [];
    const at = row.prochaineAt && row.prochaineAt > now ? row.prochaineAt : now;
    const others = await othersOf(row, { at }, call);
    const nextOpenDay = rememberedDays(openDays)(row.organisationId);
    const members = await whoIsMerged(one, others, { client, now: at, nextOpenDay });
    return members.length > 1 ? members : [];
  };
  return async ({ id }, call): Promise<PreviewSendResponse> => {
    const stored = await findRow(db, id);
    const [[truth], client] = await Promise.all([
      read([stored], call),
      orUndefined(clients.get({ id: stored.clientId })),
    ]);
    const { row, held, others, invoice, now } = truth!;
    if (!invoice) throw notFound('invoice', row.invoiceId);
    const level = hasEnded(row) ? undefined : plannedLevel(row);
    // as if its time had come
    const due = { ...row, prochaineAt: now };
    // what a debit covers is reminded of only if the bank refuses the debit: then all of it is asked for
    const isCovered = invoice.restantDu > 0n && held.montantPreleve >= invoice.restantDu;
    const asked = isCovered ? { ...held, montantPreleve: 0n, preleveLe: '' } : held;
    const acte = level && decideSend({ row: due, invoice, client, held: asked, now }, level.niveau);
    const auPlusTot = level && (await nextSendTime(now, level, others, openDays(row.organisationId)));
    const { dateEcheance, numero: numeroFacture, restantDu } = invoice;
    const { attente } = held;
    const raison = level && wayOf(level, client, restantDu - asked.montantPreleve).raison;
    const asRead = async (alone: CourrielRelance) => {
      const members = await mergedWith({ row, held, invoice }, client, now, call);
      const mail = members.length > 0 ? mergedMail(members, client!, 'apercu', now) : alone;
      const numeros = members.map((member) => member.invoice.numero);
      return { $case: 'courriel' as const, value: { ...(await rendered(mail, invoice, now)), numeros } };
    };
    // a pause whose last day has come is none any more
    const relance = toMessage(row);
    return {
      relance: { ...relance, ...held },
      ...{ numeroFacture, restantDu, client: client ? clientName(client) : '' },
      ...{ prevueAt: row.prochaineAt ?? undefined, auPlusTot },
      empechements: sendObstacles({
        ...{ row: relance, level, acte, raison, dateEcheance, attente, soonest: auPlusTot, now },
      }),
      acte: acte?.$case === 'courriel' ? await asRead(acte.value) : acte,
    };
  };
}
