import { addDays, dateInParis, FORMAL_NOTICE, instantInParis, startOfDay } from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import type { CourrielRelance } from '@crm/proto/relance/relance';
import { plannedLevel } from './apply-action.ts';
import { decideSend } from './decide-send.ts';
import type { Held } from './held-back.ts';
import { nextSendTime, type NextOpenDay, type SendingHours } from './next-send-time.ts';
import type { RelanceRow } from './relance-rows.ts';
import { underWayOf } from './under-way.ts';

/**
 * The most reminders in one mail, so that they are recorded in one short transaction. The others go out with the
 * client's next mail.
 */
export const MERGED_AT_MOST = 300;

/** The reminders of one of a client's invoices, as they are now. */
export type Candidate = {
  /** As planned now. */
  row: RelanceRow;
  held: Held;
  /** Undefined: factures does not know it. */
  invoice: Invoice | undefined;
};

/** One that goes out now, with the mail that it would be alone. */
export type Member = Candidate & { invoice: Invoice; mail: CourrielRelance };

type Now = { client: Client | undefined; now: Date; nextOpenDay: NextOpenDay };

/**
 * Which reminders of a client go out with the first one, which is due now: those that are due by the end of their
 * opening hours today, and may be sent at this hour. Not those that are held back, paused, or already under way; not
 * formal notices, which are letters of their own; not those that a person asked for, which the person expects alone.
 * @returns in order of due dates; the first one alone if it goes out alone
 */
export async function whoIsMerged(first: Candidate, others: Candidate[], now: Now): Promise<Member[]> {
  const [carrier] = await whoStillGoes([first], now);
  if (!carrier || isAsked(first)) return carrier ? [carrier] : [];
  const free = others.filter((one) => !isAsked(one) && !underWayOf(one.row));
  const merged = [carrier, ...(await whoStillGoes(free, now))].slice(0, MERGED_AT_MOST);
  return merged.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** Of the reminders of a mail that is under way, those that it would be about if it were written now. */
export async function whoStillGoes(candidates: Candidate[], now: Now): Promise<Member[]> {
  const members: Member[] = [];
  for (const candidate of candidates) {
    const mail = await mailNow(candidate, now);
    if (mail && candidate.invoice) members.push({ ...candidate, invoice: candidate.invoice, mail });
  }
  return members;
}

async function mailNow(
  { row, held, invoice }: Candidate,
  { client, now, nextOpenDay }: Now,
): Promise<CourrielRelance | undefined> {
  const level = plannedLevel(row);
  if (!level || !invoice || !row.prochaineAt || held.attente) return undefined;
  const acte =
    (await goesAlong(level, row.prochaineAt, now, nextOpenDay)) &&
    decideSend({ row: { ...row, prochaineAt: now }, invoice, client, held, now }, level.niveau);
  return acte && acte.$case === 'courriel' ? acte.value : undefined;
}

/** Whether the mail of a level may be one for several invoices now: no letter of its own, open, and due by the closing. */
export const goesAlong = async (
  level: SendingHours & { modele: string },
  prochaineAt: Date,
  now: Date,
  nextOpenDay: NextOpenDay,
): Promise<boolean> =>
  level.modele !== FORMAL_NOTICE &&
  prochaineAt < closing(level, now) &&
  (await nextSendTime(now, level, undefined, nextOpenDay)) <= now;

/** The end of today's opening hours, in Paris. */
function closing({ fermeture }: SendingHours, now: Date): Date {
  const today = dateInParis(now);
  return fermeture === '00:00' ? startOfDay(addDays(today, 1)) : instantInParis(today, fermeture);
}

const isAsked = ({ row }: Candidate): boolean => plannedLevel(row)?.demandee === true;

const orderOf = ({ invoice: { dateEcheance, numero } }: Member): string => `${dateEcheance} ${numero}`;
