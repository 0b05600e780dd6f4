import type { Db } from '@crm/db';
import { EtatHandler, EtatPoint, GroupePoint } from '@crm/proto/ops/ops';
import { SCHEDULES } from '@crm/workflows/schedules';
import { WAITING } from '../dead-letters.ts';
import { queryOf } from '../failed-runs.ts';
import type { Temporal } from '../temporal.ts';
import { countInWords, durationInWords, measured, type Found, type Probe } from './point.ts';

const count = (alerte: number, attention?: number) => (value: number) =>
  measured(value, { ...(attention !== undefined && { attention }), alerte, words: countInWords });

/** What waits, is late or failed. It is read where it is true: in the rows, and in Temporal. */
export function waitingProbes(db: Db, temporal: Temporal): Probe[] {
  const runs = (query: string) => temporal(async ({ workflow }) => (await workflow.count(query)).count);
  return [
    {
      ...{ cle: 'outbox-age', libelle: 'Plus ancien événement non publié', groupe: GroupePoint.EVENEMENTS },
      ...{ away: EtatPoint.INCONNU, runbook: 'Something is down' },
      async look() {
        const [row] = await db.$queryRaw<{ waiting: number; age: number | null }[]>`
          SELECT count(*)::int AS waiting, extract(epoch FROM now() - min(created_at))::float AS age
          FROM events.outbox WHERE published_at IS NULL`;
        const { waiting, age } = row!;
        const found = measured(age ?? 0, { attention: 15, alerte: 60, words: durationInWords });
        return waiting
          ? { ...found, valeur: `${found.valeur} (${countInWords(waiting)} en attente)` }
          : { ...found, valeur: 'aucun n’attend' };
      },
    },
    {
      ...{ cle: 'dead-letters', libelle: 'Messages mis de côté', groupe: GroupePoint.EVENEMENTS },
      ...{ away: EtatPoint.INCONNU, runbook: 'Dead letters' },
      look: async () => count(1)(await db.deadLetter.count({ where: WAITING })),
    },
    {
      ...{ cle: 'failed', libelle: 'Traitements en échec', groupe: GroupePoint.TRAITEMENTS },
      ...{ away: EtatPoint.INCONNU, runbook: 'A handler has failed' },
      look: async () => count(1)(await runs(queryOf({ etat: EtatHandler.ECHEC }))),
    },
    {
      ...{ cle: 'late', libelle: 'Traitements en retard', groupe: GroupePoint.TRAITEMENTS },
      ...{ away: EtatPoint.INCONNU, runbook: 'A handler is late' },
      look: async () => count(20, 1)(await runs(queryOf({ etat: EtatHandler.RETARD }))),
    },
    {
      ...{ cle: 'stranded', libelle: 'En échec depuis deux semaines', groupe: GroupePoint.TRAITEMENTS },
      ...{ away: EtatPoint.INCONNU, runbook: 'A handler has failed' },
      look: async () => count(1)(await runs(`StrandedHandlers IS NOT NULL AND ExecutionStatus = 'Running'`)),
    },
    {
      ...{
        cle: 'follow-ups-late',
        libelle: 'Suivis échus depuis plus de 30 min',
        groupe: GroupePoint.TRAITEMENTS,
      },
      ...{ away: EtatPoint.INCONNU, runbook: 'Is anything missing?' },
      async look() {
        const [row] = await db.$queryRaw<{ relances: number; reessais: number; suivis: number }[]>`
          SELECT (SELECT count(*)::int FROM relance.relances
                  WHERE statut = 'EN_ATTENTE' AND prochaine_at < now() - interval '30 minutes') AS relances,
                 (SELECT count(*)::int FROM retry.schedules
                  WHERE statut = 'PLANIFIE' AND prochaine_at < now() - interval '30 minutes') AS reessais,
                 (SELECT count(*)::int FROM relance.suivis
                  WHERE statut = 'PLANIFIE' AND date_prevue < now() - interval '30 minutes') AS suivis`;
        const { relances, reessais, suivis } = row!;
        const parts = [
          relances && `${countInWords(relances)} relances`,
          reessais && `${countInWords(reessais)} réessais`,
          suivis && `${countInWords(suivis)} premiers suivis`,
        ].filter(Boolean);
        return { ...count(1)(relances + reessais + suivis), aide: parts.join(', ') };
      },
    },
    {
      ...{
        cle: 'mails-unknown',
        libelle: 'Mails dont on ne sait pas s’ils sont partis',
        groupe: GroupePoint.METIER,
      },
      ...{ away: EtatPoint.INCONNU, runbook: 'A mail whose fate is unknown' },
      look: async () => count(1)(await db.email.count({ where: { statut: 'INCONNU' } })),
    },
    {
      ...{ cle: 'bank-lines', libelle: 'Lignes de banque inconnues', groupe: GroupePoint.METIER },
      ...{ away: EtatPoint.INCONNU, runbook: 'Closing unknown lines' },
      async look() {
        const [row] = await db.$queryRaw<{ open: number }[]>`
          SELECT count(*)::int AS open FROM payments.report_transactions
          WHERE issue = 'INCONNU' AND cloture = ''`;
        return count(50, 1)(row!.open);
      },
    },
    {
      ...{ cle: 'notices', libelle: 'Prélèvements proches sans avis au client', groupe: GroupePoint.METIER },
      ...{ away: EtatPoint.INCONNU, runbook: 'Prenotifications' },
      async look() {
        const [row] = await db.$queryRaw<{ missing: number }[]>`
          SELECT count(*)::int AS missing
          FROM payments.payments p JOIN payments.mandates m ON m.id = p.mandat_id
          WHERE p.statut = 'PLANIFIE' AND p.prenotifie_pour <> p.date_prevue AND m.prenotification_jours > 0
            AND p.updated_at < now() - interval '14 hours'
            AND p.date_prevue BETWEEN to_char(now() AT TIME ZONE 'Europe/Paris', 'YYYY-MM-DD')
              AND to_char((now() AT TIME ZONE 'Europe/Paris') + make_interval(days => m.prenotification_jours), 'YYYY-MM-DD')`;
        return count(1)(row!.missing);
      },
    },
    {
      ...{ cle: 'schedules', libelle: 'Travaux programmés', groupe: GroupePoint.TRAITEMENTS },
      ...{ away: EtatPoint.INCONNU, runbook: 'Something is down' },
      look: () => schedules(temporal),
    },
  ];
}

/** When each last succeeded: one that fails, hangs or was paused too long is an alert. */
async function schedules(temporal: Temporal): Promise<Found> {
  const looked = await temporal((client) =>
    Promise.all(
      Object.entries(SCHEDULES).map(async ([id, { workflowType, everyMs }]) => {
        const { info, state } = await client.schedule.getHandle(id).describe();
        const query = `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Completed'`;
        let last = info.createdAt;
        let hasRun = false;
        for await (const { closeTime } of client.workflow.list({ query, pageSize: 1 })) {
          if (closeTime && closeTime > last) last = closeTime;
          hasRun = true;
          break;
        }
        const ageS = (Date.now() - last.getTime()) / 1_000;
        return { id, hasRun, ageS, isLate: ageS * 1_000 > everyMs, paused: state.paused };
      }),
    ),
  );
  const said = looked.map(
    ({ id, hasRun, ageS, paused }) =>
      `${id} ${hasRun ? `il y a ${durationInWords(ageS)}` : 'pas encore'}${paused ? ', suspendu' : ''}`,
  );
  const late = looked.filter(({ isLate }) => isLate);
  return {
    etat: late.length
      ? EtatPoint.ALERTE
      : looked.some(({ paused }) => paused)
        ? EtatPoint.ATTENTION
        : EtatPoint.BON,
    valeur: late.length ? `en retard : ${late.map(({ id }) => id).join(', ')}` : 'à l’heure',
    mesure: late.length,
    aide: said.join(' ; '),
  };
}
