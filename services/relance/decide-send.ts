import { FORMAL_NOTICE, formatEuros, invoiceVariables, reasonNotToMail, settledBecause } from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { CanalRelance, type NiveauRelance, type ReserveSendResponse } from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { isMail } from './apply-action.ts';
import type { Held } from './held-back.ts';
import type { RelanceRow } from './relance-rows.ts';
import { reminderTask } from './reminder-task.ts';

/** What is to be done now about a level. Undefined: nothing yet. */
export type Acte = ReserveSendResponse['acte'];

/** What the decision depends on, all as it is now. */
export type SendTruth = {
  /** As `refresh.ts` has planned them. */
  row: Planned;
  invoice: Invoice;
  /** Undefined: there is no such client. */
  client: Client | undefined;
  held: Held;
  now: Date;
};

type Planned = Pick<RelanceRow, 'cycle' | 'niveaux' | 'prochainNiveau' | 'prochaineAt'>;

/** Whether a level is the next one, and its time has come. */
export const isDueNow = ({ prochainNiveau, prochaineAt }: Planned, niveau: number, now: Date): boolean =>
  prochainNiveau === niveau && prochaineAt !== null && prochaineAt <= now;

/**
 * Decides what is to be done now about a level: a mail; a task, for a call, a letter, or a client without a usable
 * address; to leave it out; nothing yet. If nothing is left to pay, the reminders end, whether the level is due or not.
 */
export function decideSend({ row, invoice, client, held, now }: SendTruth, niveau: number): Acte {
  if (invoice.restantDu <= 0n) return { $case: 'solde', value: { motif: settledBecause(invoice) } };
  if (!isDueNow(row, niveau, now)) return undefined;
  const level = row.niveaux.find((one) => one.niveau === niveau)!;
  // the same at each attempt, so that a level is one mail and one task, whatever they say by then
  const purpose = `${relanceWorkflowId(invoice.id)}/${niveau}/${row.cycle}`;
  const { by, motif } = wayOf(level, client, invoice.restantDu - held.montantPreleve);
  switch (by) {
    case 'saut':
      return { $case: 'saut', value: { motif } };
    case 'tache': {
      const { suffix, ...tache } = reminderTask(level, {
        ...{ client: client!, invoice, held, niveaux: row.niveaux, now, motif },
      });
      return { $case: 'tache', value: { ...tache, motif, origine: `${purpose}/${suffix}` } };
    }
    case 'courriel': {
      const { email: destinataire } = client!;
      const variables = invoiceVariables(client!, invoice, held);
      const mail = { destinataire, modele: level.modele, variables, envoi: purpose, factures: [] };
      return { $case: 'courriel', value: mail };
    }
  }
}

/** How a level reaches its client, or that it does not; and why it is no mail. */
export type Way = {
  by: 'courriel' | 'tache' | 'saut';
  motif: string;
  /** Why it is left out, for programs. */
  raison?: 'CLIENT_INCONNU' | 'CLIENT_SANS_RELANCE' | 'MONTANT_MINIMUM';
};

/**
 * How a level reaches its client. A client who wants no reminders gets formal notices all the same. A client without a
 * usable address is a task: nobody is left out silently.
 * @param client undefined: there is no such client
 * @param montant what it asks for, in cents
 */
export function wayOf(
  {
    canal,
    modele,
    montantMinimum,
    demandee,
  }: Pick<NiveauRelance, 'canal' | 'modele' | 'montantMinimum' | 'demandee'>,
  client: Pick<Client, 'email' | 'sansRelance' | 'emailStatut' | 'emailRefuseRaison'> | undefined,
  montant: bigint,
): Way {
  if (!client) return { by: 'saut', motif: 'le client n’existe pas', raison: 'CLIENT_INCONNU' };
  if (client.sansRelance && modele !== FORMAL_NOTICE)
    return { by: 'saut', motif: 'le client ne souhaite pas de relance', raison: 'CLIENT_SANS_RELANCE' };
  // a level that a person asks for goes out all the same
  if (montant < montantMinimum && !demandee) {
    const motif = `moins de ${formatEuros(BigInt(montantMinimum))} à demander`;
    return { by: 'saut', motif, raison: 'MONTANT_MINIMUM' };
  }
  if (canal === CanalRelance.APPEL) return { by: 'tache', motif: 'appel à passer' };
  if (canal === CanalRelance.LETTRE) return { by: 'tache', motif: 'lettre à poster' };
  const motif = reasonNotToMail(client);
  return motif ? { by: 'tache', motif } : { by: 'courriel', motif };
}

/**
 * Whether the client hears of us, so that other reminders keep their distance: by a mail, a call or a letter. A task in
 * the place of a mail takes nobody's turn.
 */
export const takesTurn = (level: Pick<NiveauRelance, 'canal'>, by: Way['by']): boolean =>
  by === 'courriel' || (by === 'tache' && !isMail(level));
