import { levelInWords, settledBecause } from '@crm/domain';
import { isRefusal } from '@crm/kit';
import type { Invoice } from '@crm/proto/factures/factures';
import {
  ActionRelance,
  StatutRelance,
  type RecordRelanceProgressRequest,
  type Relance,
  type ReserveSendResponse,
} from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { InvoiceReminderActivities, InvoiceReminderInput } from '@crm/workflows/invoice-reminder';
import type { ReminderCommand } from '@crm/workflows/reminder-commands';
import type { NextReminder, ReminderState } from '@crm/workflows/reminder-state';
import type { Services } from '../clients.ts';
import { inWords } from '../in-words.ts';

const ACTIONS: Record<ReminderCommand, ActionRelance> = {
  pause: ActionRelance.PAUSE,
  resume: ActionRelance.REPRISE,
  sendNow: ActionRelance.ENVOI_DEMANDE,
  skip: ActionRelance.SAUT,
  cancel: ActionRelance.ANNULATION,
  migrate: ActionRelance.MIGRATION,
};

/**
 * The activities of an invoice's reminders. The relance service decides what is done; an attempt that is repeated
 * asks it again, so that what an earlier one has recorded is not done again.
 */
export function invoiceReminderActivities(services: Services): InvoiceReminderActivities {
  const { email, factures, relances, taches } = services;
  /** Does what is to be done about a level. Returns what to record. */
  async function carryOut(
    { organisationId, clientId }: Relance,
    acte: NonNullable<ReserveSendResponse['acte']>,
  ): Promise<Partial<RecordRelanceProgressRequest> & { action: ActionRelance }> {
    switch (acte.$case) {
      case 'courriel': {
        // one that was sent before may be about other invoices: what it says counts
        const mail = { organisationId, clientId, ...acte.value };
        const { messageId, factures } = await email.sendEmailWithTemplate(mail);
        return { action: ActionRelance.ENVOI, messageId, factures };
      }
      case 'tache': {
        const { motif, ...tache } = acte.value;
        await taches.create({ organisationId, clientId, ...tache });
        return { action: ActionRelance.TACHE_RELANCE, motif };
      }
      case 'saut':
        return { action: ActionRelance.SAUT, ...acte.value };
      case 'solde':
        return { action: ActionRelance.SOLDE, ...acte.value };
    }
  }
  return {
    async openReminder(input) {
      const invoice = await factures.get({ id: input.invoiceId });
      const { organisationId, clientId } = invoice;
      const { adoption } = input;
      const relance = await relances.create({
        organisationId,
        clientId,
        invoiceId: input.invoiceId,
        ...datesOf(invoice),
        ...(adoption && { adopteeAt: new Date(adoption.at), adopteePar: adoption.who }),
      });
      if (invoice.restantDu <= 0n) {
        const settled = { action: ActionRelance.SOLDE, motif: settledBecause(invoice) };
        return toState(await relances.recordProgress({ id: input.invoiceId, ...settled }), input);
      }
      // there is news, or the due date may have changed
      if (relance.statut !== StatutRelance.SOLDEE)
        return toState(await relances.replanifier({ id: relance.id }), input);
      const again = {
        id: relance.id,
        action: ActionRelance.REARMEMENT,
        motif: 'paiement rejeté ou retourné',
      };
      return toState(await relances.recordProgress(again), input);
    },
    async sendReminder({ niveau, ...input }) {
      const id = input.invoiceId;
      const decide = () => relances.reserveSend({ id, niveau, avecActe: true });
      const { relance, acte, envoiGroupeId } = await decide();
      if (!acte) return toState(relance!, input);
      const done = await carryOut(relance!, acte).catch(async (error: unknown) => {
        // the mail server may just have refused the address: then the client has none, and it is a task
        const again = acte.$case === 'courriel' && isRefusal(error) ? (await decide()).acte : undefined;
        if (again?.$case !== 'tache') throw error;
        return await carryOut(relance!, again);
      });
      const groupe = done.action === ActionRelance.ENVOI ? envoiGroupeId : '';
      return toState(await relances.recordProgress({ id, niveau, ...done, envoiGroupeId: groupe }), input);
    },
    async recordReminderCommand({ command, who: auteur, why: motif, jusquAu: pauseJusquAu, ...input }) {
      const { invoiceId, regleId, versionAttendue, id: commandeId } = input;
      const needsDates = command === 'migrate' || command === 'sendNow';
      const dates = needsDates && datesOf(await factures.get({ id: invoiceId }));
      const recorded = { id: invoiceId, action: ACTIONS[command], auteur, motif, pauseJusquAu, commandeId };
      const metadata = { 'idempotency-key': `${relanceWorkflowId(invoiceId)}/${input.id}` };
      return toState(
        await relances.recordProgress({ ...recorded, regleId, versionAttendue, ...dates }, { metadata }),
        input,
      );
    },
  };
}

/** The dates that levels are planned from. */
const datesOf = ({ dateFacture, dateEcheance, createdAt: emiseAt }: Invoice) => ({
  ...{ dateFacture, dateEcheance, emiseAt },
});

function toState(relance: Relance, input: InvoiceReminderInput): ReminderState {
  const { id: relanceId, version, statut, motifFin, prochainNiveau, pauseFinAt } = relance;
  return {
    relanceId,
    version,
    statut: statut as ReminderState['statut'],
    motifFin,
    ...(prochainNiveau > 0 && { next: nextOf(relance, input) }),
    ...(pauseFinAt && { pauseEndsAt: pauseFinAt.toISOString() }),
  };
}

function nextOf(
  { niveaux, prochainNiveau, prochaineAt, attente }: Relance,
  input: InvoiceReminderInput,
): NextReminder {
  const level = niveaux.find(({ niveau }) => niveau === prochainNiveau)!;
  return {
    niveau: prochainNiveau,
    libelle: `${levelInWords(level)} de la facture ${input.numero}${attente && ` (en attente: ${attente})`}`,
    quand: prochaineAt ? inWords(prochaineAt) : 'jusqu’à nouvel ordre',
    ...(prochaineAt && { at: prochaineAt.toISOString() }),
  };
}
