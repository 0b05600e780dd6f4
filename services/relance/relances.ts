import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import type { WorkflowCommands } from '@crm/kit/temporal';
import type { RelanceServiceService } from '@crm/proto/relance/relance';
import { agenda, type AgendaSources } from './agenda/agenda.ts';
import { commands } from './commands.ts';
import { createRelance } from './create-relance.ts';
import { downloadDossier } from './dossier/download-dossier.ts';
import type { DossierSources } from './dossier/read-dossier.ts';
import type { OpenDays } from './open-days.ts';
import { previewMigration } from './preview-migration.ts';
import { previewRelance } from './preview-relance.ts';
import { recordProgress } from './record-progress.ts';
import { findRow, relanceEntity } from './relance-rows.ts';
import { reserveSend } from './reserve-send.ts';

/** The reminders of invoices: one plan an invoice, carried out by a workflow. */
export function relances(
  db: Db,
  openDays: OpenDays,
  workflows: WorkflowCommands,
  sources: AgendaSources & DossierSources,
): Methods<typeof RelanceServiceService> {
  const relance = relanceEntity(db);
  return {
    get: async ({ id }) => await relance.read(db, (await findRow(db, id)).id),
    list: relance.list,
    create: createRelance(db, openDays),
    ...previewRelance(db, openDays),
    ...commands(db, workflows),
    previewMigration: previewMigration(db, openDays, sources.factures),
    reserveSend: reserveSend(db, openDays),
    recordProgress: recordProgress(db, openDays),
    agenda: agenda(db, openDays, sources),
    downloadDossier: downloadDossier(db, sources),
  };
}
