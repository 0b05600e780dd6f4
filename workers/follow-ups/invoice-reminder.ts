import { clientName, delayInWords, FORMAL_NOTICE, formatEuros } from '@crm/domain';
import { cutText, orUndefined } from '@crm/kit';
import type { Client } from '@crm/proto/clients/clients';
import { StatutFacture, type Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance, type NiveauRelance, type Relance } from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { InvoiceReminderActivities, InvoiceReminderInput } from '@crm/workflows/invoice-reminder';
import type { ReminderCommand } from '@crm/workflows/reminder-commands';
import type { NextReminder, ReminderState } from '@crm/workflows/reminder-state';
import type { Services } from '../clients.ts';
import { inWords } from '../in-words.ts';
import { invoiceVariables } from '../mail-variables.ts';
import { reasonNotToMail } from '../reason-not-to-mail.ts';

const ACTIONS: Record<ReminderCommand, ActionRelance> = {
  pause: ActionRelance.PAUSE,
  resume: ActionRelance.REPRISE,
  sendNow: ActionRelance.ENVOI_DEMANDE,
  skip: ActionRelance.SAUT,
  cancel: ActionRelance.ANNULATION,
  migrate: ActionRelance.MIGRATION,
};

/** The longest title of a task, in characters. */
const TITLE_CHARACTERS = 200;
const POSTED_WITHIN_MS = 2 * 24 * 60 * 60_000;

/**
 * The activities of an invoice's reminders. Each attempt first reads the state from the relance service, so
 * that what an earlier attempt has recorded is not done again.
 */
export function invoiceReminderActivities(services: Services): InvoiceReminderActivities {
  const { clients, email, factures, relances, taches } = services;
  const settle = async ({ invoiceId: id }: InvoiceReminderInput, { statut }: Invoice): Promise<Relance> => {
    const motif = statut === StatutFacture.ANNULEE ? 'facture annulée par avoir' : 'facture réglée';
    return await relances.recordProgress({ id, action: ActionRelance.SOLDE, motif });
  };
  /**
   * Creates the task to post a formal notice. If it cannot be mailed, a person must post it; it is never
   * skipped silently.
   */
  async function askToPost(
    { id: clientId, gestionnaireId, ...named }: Client,
    { id, organisationId, numero, restantDu }: Invoice,
    { niveau, cycle, motif }: { niveau: number; cycle: number; motif: string },
  ): Promise<void> {
    await taches.create({
      ...{ organisationId, clientId, assigneA: gestionnaireId },
      titre: cutText(
        `Poster la mise en demeure de la facture ${numero} à ${clientName(named)}`,
        TITLE_CHARACTERS,
      ),
      description: [
        `${clientName(named)} doit encore ${formatEuros(restantDu)} de la facture ${numero}. La mise en demeure ne ` +
          `peut pas lui être envoyée par courriel\u00a0: ${motif}.`,
        'Envoyez-la par lettre recommandée avec accusé de réception. Le PDF de la lettre, à l’adresse postale du ' +
          `client pour une enveloppe à fenêtre\u00a0: factures.InvoiceService/DownloadMiseEnDemeurePdf, id ${id}.`,
      ].join('\n'),
      echeance: new Date(Date.now() + POSTED_WITHIN_MS),
      origine: `${relanceWorkflowId(id)}/${niveau}/${cycle}/courrier`,
    });
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
      if (invoice.restantDu <= 0n) return toState(await settle(input, invoice), input);
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
      const relance = await relances.get({ id });
      if (relance.prochainNiveau !== niveau) return toState(relance, input);
      const invoice = await factures.get({ id });
      if (invoice.restantDu <= 0n) return toState(await settle(input, invoice), input);
      const { modele } = levelOf(relance, niveau);
      const client = await orUndefined(clients.get({ id: invoice.clientId }));
      const motif = reasonNotToSend(client, modele);
      // a client who gets no mail takes no turn; a level that is held back, or not due any more, is not
      // skipped
      const { accordee, relance: now } = await relances.reserveSend({ id, niveau, sansTour: Boolean(motif) });
      if (!accordee) return toState(now!, input);
      if (motif) {
        if (client && modele === FORMAL_NOTICE)
          await askToPost(client, invoice, { niveau, cycle: relance.cycle, motif });
        const skipped = { id, niveau, action: ActionRelance.SAUT, motif };
        return toState(await relances.recordProgress(skipped), input);
      }
      await email.sendEmailWithTemplate({
        organisationId: invoice.organisationId,
        clientId: invoice.clientId,
        destinataire: client!.email,
        modele,
        variables: invoiceVariables(client!, invoice, now!),
        // one mail per level, whatever its content at the next attempt
        envoi: `${relanceWorkflowId(id)}/${niveau}/${relance.cycle}`,
      });
      return toState(await relances.recordProgress({ id, niveau, action: ActionRelance.ENVOI }), input);
    },
    async recordReminderCommand({ command, who: auteur, why: motif, jusquAu: pauseJusquAu, ...input }) {
      const { invoiceId, regleId } = input;
      const needsDates = command === 'migrate' || command === 'sendNow';
      const dates = needsDates && datesOf(await factures.get({ id: invoiceId }));
      const recorded = { id: invoiceId, action: ACTIONS[command], auteur, motif, pauseJusquAu };
      const metadata = { 'idempotency-key': `${relanceWorkflowId(invoiceId)}/${input.id}` };
      return toState(await relances.recordProgress({ ...recorded, regleId, ...dates }, { metadata }), input);
    },
  };
}

/** The dates that levels are planned from. */
const datesOf = ({ dateFacture, dateEcheance, createdAt: emiseAt }: Invoice) => ({
  ...{ dateFacture, dateEcheance, emiseAt },
});

/** Why a client gets no mail. Empty: the client does. */
export function reasonNotToSend(client: Client | undefined, modele: string): string {
  if (!client) return 'le client n’existe pas';
  if (client.sansRelance && modele !== FORMAL_NOTICE) return 'le client ne souhaite pas de relance';
  return reasonNotToMail(client);
}

const levelOf = ({ niveaux }: Relance, niveau: number): NiveauRelance =>
  niveaux.find((level) => level.niveau === niveau)!;

function toState(relance: Relance, input: InvoiceReminderInput): ReminderState {
  const { id: relanceId, statut, motifFin, prochainNiveau, pauseFinAt } = relance;
  return {
    relanceId,
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
    libelle: `Relance ${delayInWords(level)} de la facture ${input.numero}${attente && ` (en attente: ${attente})`}`,
    quand: prochaineAt ? inWords(prochaineAt) : 'jusqu’à nouvel ordre',
    ...(prochaineAt && { at: prochaineAt.toISOString() }),
  };
}
