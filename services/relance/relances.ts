import type { Db } from '@crm/db';
import type { Logger, Methods } from '@crm/kit';
import type { WorkflowCommands } from '@crm/kit/temporal';
import { ActionRelance, type RelanceServiceService } from '@crm/proto/relance/relance';
import { adopter } from './adopt-invoices.ts';
import { agendaParJour } from './agenda/agenda-par-jour.ts';
import type { AgendaSources } from './agenda/agenda-sources.ts';
import { agenda } from './agenda/agenda.ts';
import type { Previsions } from './agenda/previsions.ts';
import type { Attentes } from './attentes.ts';
import { closeTasks, type TaskSource } from './close-tasks.ts';
import { commands } from './commands.ts';
import { createRelance } from './create-relance.ts';
import { downloadDossier } from './dossier/download-dossier.ts';
import type { DossierSources } from './dossier/read-dossier.ts';
import { hasEnded } from './apply-action.ts';
import type { HeldBack } from './held-back.ts';
import { manyCommands, type ManySources } from './many-commands.ts';
import type { MergesReminders, Organisations } from './merges-reminders.ts';
import type { OpenDays } from './open-days.ts';
import { lookAtReminders, orderReminders } from './order-reminders.ts';
import { previewMigration } from './preview-migration.ts';
import { previewRelance } from './preview-relance.ts';
import { groupOf, type WakeOthers } from './merged-sends.ts';
import { recordMerged } from './record-merged.ts';
import { previewSend, type PreviewSources } from './preview-send.ts';
import { recordProgress } from './record-progress.ts';
import { readTruth, refresh, replanifier, settled } from './refresh.ts';
import { findRow, relanceEntity, shownAs } from './relance-rows.ts';
import { reserveSend } from './reserve-send.ts';

/** The reminders of invoices: one plan per invoice, carried out by a workflow. */
export function relances(
  { db, log }: { db: Db; log: Logger },
  openDays: OpenDays,
  workflows: WorkflowCommands,
  sources: AgendaSources &
    DossierSources &
    ManySources &
    PreviewSources & { organisations: Organisations; taches: TaskSource },
  attentes: Attentes,
  heldBack: HeldBack,
  wake: (invoiceId: string) => Promise<unknown>,
  previsions: Previsions,
  merges: MergesReminders,
): Omit<Methods<typeof RelanceServiceService>, 'watch'> {
  const relance = relanceEntity(db);
  const told = commands(db, orderReminders(db, workflows, sources.factures), heldBack, sources);
  const read = readTruth(db, openDays, sources.factures, heldBack);
  const again = refresh(db, read, attentes.tasks.ask);
  const wakeLater = (invoiceId: string) =>
    wake(invoiceId).catch((err: unknown) => {
      log.warn({ err, invoiceId }, 'reminders not woken: they look again by themselves');
    });
  const wakeOthers: WakeOthers = (group, { id }) =>
    Promise.all(
      group.membres
        .filter(({ relanceId }) => relanceId !== id)
        .map(({ invoiceId: other }) => wakeLater(other)),
    );
  const record = recordProgress(db, openDays, async (before) => {
    // another invoice may have to send the mail that they were to go out with
    const group = await groupOf(db, before);
    if (group) await wakeOthers(group, before);
  });
  const merged = recordMerged(db, openDays, wakeOthers);
  const close = closeTasks(db, sources);
  const { clients } = sources;
  const reading = { db, sources, attentes, previsions, merges };
  return {
    async get({ id }) {
      const row = await findRow(db, id);
      // a hold that has ended is noticed here, and the row is planned again
      const held = (await heldBack([row]))(row);
      return { ...(await relance.read(db, row.id)), ...held };
    },
    async list(request) {
      const { statut, ...page } = request;
      const { relances, nextPageToken } = await relance.listWhere(page, shownAs(statut));
      const held = await heldBack(relances);
      return { relances: relances.map((one) => ({ ...one, ...held(one) })), nextPageToken };
    },
    create: previsions.after(createRelance(db, openDays)),
    ...previewRelance(db, openDays),
    ...told,
    ...manyCommands({ db, log }, told, commands(db, lookAtReminders(db), heldBack, sources), sources),
    previewMigration: previewMigration(db, openDays, sources, heldBack),
    adopter: adopter(db, workflows, sources.factures),
    previewSend: previewSend(db, openDays, read, merges, sources),
    replanifier: previsions.after(replanifier(db, again, wake, settled(sources.factures, close))),
    reserveSend: previsions.after(reserveSend({ db, openDays, clients, again, read, merges, wakeOthers })),
    recordProgress: previsions.after(async (request, call) => {
      if (request.envoiGroupeId) return await merged(request, call);
      const recorded = await record(request, call);
      if (request.action === ActionRelance.SOLDE) {
        // a promise about the invoice may be kept by that
        await attentes.judgePromises(recorded);
        await close(recorded, request.motif, call.signal);
      }
      // the plan was made without what is held: a pause that ends, or a level skipped, does not end a promise
      if (hasEnded(recorded) || !(await attentes.isHeld(recorded))) return recorded;
      const { held } = await again(await findRow(db, recorded.id), call);
      return { ...(await relance.read(db, recorded.id)), ...held };
    }),
    agenda: agenda(reading),
    agendaParJour: agendaParJour(reading),
    downloadDossier: downloadDossier(db, sources),
  };
}
