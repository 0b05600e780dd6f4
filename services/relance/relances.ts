import type { Db } from '@crm/db';
import type { Methods } from '@crm/kit';
import type { WorkflowCommands } from '@crm/kit/temporal';
import type { Relance, RelanceServiceService } from '@crm/proto/relance/relance';
import { agenda, type AgendaSources } from './agenda/agenda.ts';
import { hasEnded } from './apply-action.ts';
import { inWords, type Attentes } from './attentes.ts';
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

/** The reminders of invoices: one plan per invoice, carried out by a workflow. */
export function relances(
  db: Db,
  openDays: OpenDays,
  workflows: WorkflowCommands,
  sources: AgendaSources & DossierSources,
  attentes: Attentes,
): Methods<typeof RelanceServiceService> {
  const relance = relanceEntity(db);
  return {
    async get({ id }) {
      const row = await findRow(db, id);
      const open = hasEnded(row) ? [] : await attentes.open([row]);
      return { ...relance.toMessage(row), attente: inWords(open, row) };
    },
    async list(request) {
      const { relances, nextPageToken } = await relance.list(request);
      const open = await attentes.open(relances.filter((one) => !hasEnded(one)));
      const held = (one: Relance) => (hasEnded(one) ? '' : inWords(open, one));
      return { relances: relances.map((one) => ({ ...one, attente: held(one) })), nextPageToken };
    },
    create: createRelance(db, openDays),
    ...previewRelance(db, openDays),
    ...commands(db, workflows, attentes),
    previewMigration: previewMigration(db, openDays, sources.factures),
    reserveSend: reserveSend(db, openDays, attentes),
    recordProgress: recordProgress(db, openDays),
    agenda: agenda(db, openDays, sources, attentes),
    downloadDossier: downloadDossier(db, sources),
  };
}
