import { sql, type Db } from '@crm/db';
import { inParis } from '@crm/domain';
import type { EncaissementsPrevus, GetEncaissementsPrevusRequest } from '@crm/proto/dashboard/chiffres';
import { Temporal } from 'temporal-polyfill';
import { chancesByWeek, expected, likely, type Hope } from './chances.ts';
import { remindersAndWhatCame } from './get-rendements.ts';
import { owedOn } from './owed-on.ts';

const DEFAULT_WEEKS = 8;
/** Results from which a share is taken; with fewer, the usual one. */
const ENOUGH = 20;
const USUAL = { debits: 0.9, promises: 0.7 };
/** The past that counts. */
const PAST_DAYS = 730;

/** An open invoice. `rappel`: the level of the last reminder, and the days since; null if there was none. */
type Open = {
  id: string;
  clientId: string;
  reste: bigint;
  retard: number;
  niveau: number | null;
  depuis: number | null;
};

/**
 * What is expected week by week. Each cent is expected from one source only: a debit, else a promise, else the reminders
 * or the delays of the past.
 */
export async function getEncaissementsPrevus(
  db: Db,
  { organisationId, semaines }: GetEncaissementsPrevusRequest,
): Promise<EncaissementsPrevus> {
  const weeks = semaines || DEFAULT_WEEKS;
  const today = inParis(new Date()).toPlainDate();
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  const now = sql`${today.toString()}::date`;
  const mine = sql`(${organisationId} = '' OR organisation_id = ${organisationId})`;
  const where = organisationId ? { organisationId } : {};
  const [open, debits, promises, attempts, kept, lateness, reminded] = await Promise.all([
    db.$queryRaw<Open[]>`
      SELECT c.invoice_id AS id, c.client_id AS "clientId", c.reste::bigint, ${now} - c.date_echeance AS retard,
        r.niveau, ${now} - r.jour AS depuis
      FROM ${owedOn(now)} c LEFT JOIN LATERAL (
        SELECT niveau, jour FROM dashboard.relances_envoyees r WHERE r.invoice_id = c.invoice_id
        ORDER BY jour DESC, id DESC LIMIT 1) r ON true
      WHERE ${mine}`,
    db.paiementAttendu.findMany({ where }),
    db.promesse.findMany({ where: { ...where, ouverte: true } }),
    db.$queryRaw<{ encaissees: number; toutes: number }[]>`
      SELECT count(*) FILTER (WHERE genre = 'ENCAISSEMENT')::int AS encaissees, count(*)::int AS toutes
      FROM dashboard.mouvements WHERE ${mine} AND payment_id <> '' AND tentative = 1 AND jour >= ${now} - ${PAST_DAYS}::int`,
    db.$queryRaw<{ tenues: number; toutes: number }[]>`
      SELECT count(*) FILTER (WHERE tenue)::int AS tenues, count(*) FILTER (WHERE tenue OR rompue)::int AS toutes
      FROM dashboard.promesses WHERE ${mine}`,
    db.$queryRaw<{ jours: number }[]>`
      SELECT soldee_le - date_echeance AS jours FROM dashboard.creances
      WHERE ${mine} AND soldee_le BETWEEN ${now} - ${PAST_DAYS}::int AND ${now} ORDER BY 1`,
    db.$queryRaw<{ niveau: number; jours: number | null }[]>`
      SELECT niveau, CASE WHEN soldee_le < coalesce(suivante, ${now} + 1) THEN soldee_le - jour END AS jours
      FROM ${remindersAndWhatCame(organisationId)} r
      WHERE jour >= ${now} - ${PAST_DAYS}::int AND (soldee_le >= jour OR suivante IS NOT NULL)
      ORDER BY 2 NULLS LAST`,
  ]);
  const share = (good: number, all: number, usual: number) => (all >= ENOUGH ? good / all : usual);
  const debitChance = share(attempts[0]!.encaissees, attempts[0]!.toutes, USUAL.debits);
  const promiseChance = share(kept[0]!.tenues, kept[0]!.toutes, USUAL.promises);
  const weekOf = (day: string) =>
    Math.max(0, Math.floor(monday.until(Temporal.PlainDate.from(day), { largestUnit: 'day' }).days / 7));
  const onlyIn = (week: number, chance: number) =>
    Array.from({ length: weeks }, (_, index) => (index === week ? chance : 0));

  const left = new Map(open.map(({ id, reste }) => [id, reste]));
  const take = (ids: string[], wanted: bigint) => {
    let taken = 0n;
    for (const id of ids) {
      const here = left.get(id) ?? 0n;
      const part = here < wanted - taken ? here : wanted - taken;
      left.set(id, here - part);
      taken += part;
    }
    return taken;
  };
  const hopes = {
    prelevements: [] as Hope[],
    promesses: [] as Hope[],
    relances: [] as Hope[],
    habitudes: [] as Hope[],
  };
  for (const { invoiceId, montant, datePrevue } of debits) {
    // a debit for no invoice brings its amount; one for an invoice at most what is owed
    const amount = invoiceId ? take([invoiceId], montant) : montant;
    hopes.prelevements.push({
      amount,
      chances: onlyIn(weekOf(datePrevue.toISOString().slice(0, 10)), debitChance),
    });
  }
  const ofClient = new Map<string, string[]>();
  for (const { id, clientId } of open) ofClient.set(clientId, [...(ofClient.get(clientId) ?? []), id]);
  for (const { clientId, invoiceIds, echeances } of promises) {
    const about = invoiceIds.length > 0 ? invoiceIds : (ofClient.get(clientId) ?? []);
    for (const { date, montant } of echeances as { date: string; montant: string }[]) {
      hopes.promesses.push({
        amount: take(about, BigInt(montant)),
        chances: onlyIn(weekOf(date), promiseChance),
      });
    }
  }
  const late = lateness.map(({ jours }) => jours);
  const byLevel = new Map<number, number[]>();
  for (const { niveau, jours } of reminded) {
    const delays = byLevel.get(niveau) ?? [];
    delays.push(jours ?? Infinity);
    byLevel.set(niveau, delays);
  }
  for (const { id, retard, niveau, depuis } of open) {
    const amount = left.get(id)!;
    if (amount === 0n) continue;
    const delays = niveau === null ? undefined : byLevel.get(niveau);
    if (delays && delays.length >= ENOUGH)
      hopes.relances.push({ amount, chances: chancesByWeek(delays, depuis!, weeks) });
    else hopes.habitudes.push({ amount, chances: chancesByWeek(late, retard, weeks) });
  }
  const encours = open.reduce((sum, { reste }) => sum + reste, 0n);
  const points = Array.from({ length: weeks }, (_, week) => {
    const of = (source: Hope[]) => expected(source, week);
    const parts = [hopes.prelevements, hopes.promesses, hopes.relances, hopes.habitudes].map(of);
    const [prelevements, promesses, relances, habitudes] = parts.map(({ sum }) =>
      BigInt(Math.round(sum)),
    ) as [bigint, bigint, bigint, bigint];
    const attendu = prelevements + promesses + relances + habitudes;
    const variance = parts.reduce((sum, part) => sum + part.variance, 0);
    const du = week === 0 ? today : monday.add({ weeks: week });
    return {
      ...{ du: du.toString(), prelevements, promesses, relances, habitudes, attendu },
      ...likely(Number(attendu), variance),
    };
  });
  const soon = points.reduce((sum, { attendu }) => sum + attendu, 0n);
  return {
    semaines: points,
    encours,
    auDela: encours > soon ? encours - soon : 0n,
    tauxPrelevements: Math.round(debitChance * 100),
    tauxPromesses: Math.round(promiseChance * 100),
  };
}
