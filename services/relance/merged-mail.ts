import { firmest, MERGED_REMINDER, mergedVariables } from '@crm/domain';
import type { Client } from '@crm/proto/clients/clients';
import type { CourrielRelance } from '@crm/proto/relance/relance';
import { mergedPurpose } from './under-way.ts';
import type { Member } from './who-is-merged.ts';

/**
 * One mail for the reminders of several invoices, in the words of the firmest of their levels. Where only one is left
 * to be written of, it is the mail of that one.
 * @param groupe what it is for, the same at each attempt
 */
export function mergedMail(members: Member[], client: Client, groupe: string, now: Date): CourrielRelance {
  const factures = members.map(({ invoice }) => invoice.id);
  const [{ mail: first }] = members as [Member];
  const about = { ...first, envoi: mergedPurpose(groupe), factures };
  if (members.length === 1) return about;
  const variables = mergedVariables(
    client,
    members.map(({ invoice, held }) => ({ invoice, montantPreleve: held.montantPreleve })),
    { ton: firmest(members.map(({ mail }) => mail.modele)), at: now },
  );
  return { ...about, modele: MERGED_REMINDER, variables };
}
