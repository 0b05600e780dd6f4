import { channelInWords, clientName, formatEuros, presentationInWords } from '@crm/domain';
import { everyPage, orUndefined, remembered, type Connected } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import type { EnvoiPrevu, RelanceServiceService } from '@crm/proto/relance/relance';
import type { RetryAdminServiceService, TentativePrevue } from '@crm/proto/retry/retry';
import type { CallService } from './service-callers.ts';
import { describeRefusal, local } from './words.ts';

type Relances = Pick<Connected<typeof RelanceServiceService>, 'previewMigration' | 'migrer'>;
type Retries = Pick<Connected<typeof RetryAdminServiceService>, 'previewMigration' | 'migrateSchedule'>;
type Which = { organisationId: string; id: string; motif: string };

/** What would change for a running follow-up. */
type Change = {
  /** The invoice or the payment it is about, by id. */
  about: { invoiceId: string } | { paymentId: string };
  before: string;
  after: string;
  changee: boolean;
  /** Why it cannot be moved. Empty: it can. */
  obstacle: string;
  move: () => Promise<unknown>;
};
/** Who and what a change is about, as people call them. */
type Describe = (about: Change['about']) => Promise<string>;
/** Reads a page of them. */
type Changes = (pageToken: string) => Promise<{ changes: Change[]; nextPageToken: string }>;

/** "facture F-2026-0042, Zoé Martin"; "prélèvement de 120,00 €, facture F-2026-0042, Zoé Martin". */
export function describer(call: CallService): Describe {
  const clients = call('clients', ClientBaseServiceService);
  const factures = call('factures', InvoiceServiceService);
  const payments = call('payments', PaymentServiceService);
  const nameOf = remembered(async (id: string) => {
    const client = await orUndefined(clients.get({ id }));
    return client ? clientName(client) : `client ${id}`;
  });
  return async (about) => {
    if ('paymentId' in about) {
      const { montant, invoiceId, clientId } = await payments.get({ id: about.paymentId });
      const invoice = invoiceId ? await orUndefined(factures.get({ id: invoiceId })) : undefined;
      const of = invoiceId && `facture ${invoice?.numero ?? invoiceId}`;
      return [`prélèvement de ${formatEuros(montant)}`, of, await nameOf(clientId)]
        .filter(Boolean)
        .join(', ');
    }
    const invoice = await orUndefined(factures.get({ id: about.invoiceId }));
    if (!invoice) return `facture ${about.invoiceId}`;
    return `facture ${invoice.numero}, ${await nameOf(invoice.clientId)}`;
  };
}

/** Changes of reminders under other rules. */
export const reminderChanges =
  (relances: Relances, { motif, regleId, ...which }: Which & { regleId: string }): Changes =>
  async (pageToken) => {
    const { migrations, ...next } = await relances.previewMigration({ ...which, regleId, pageToken });
    const changes = migrations.map(({ relanceId: id, invoiceId, avant, apres, ...preview }) => ({
      ...{ ...preview, about: { invoiceId }, before: mails(avant), after: mails(apres) },
      move: () => relances.migrer({ id, regleId, motif }),
    }));
    return { changes, ...next };
  };

/** Changes of retries under another policy. */
export const retryChanges =
  (retries: Retries, { motif, policyId, ...which }: Which & { policyId: string }): Changes =>
  async (pageToken) => {
    const { migrations, ...next } = await retries.previewMigration({ ...which, policyId, pageToken });
    const changes = migrations.map(({ scheduleId: id, paymentId, avant, apres, ...preview }) => ({
      ...{ ...preview, about: { paymentId }, before: attempts(avant), after: attempts(apres) },
      move: () => retries.migrateSchedule({ id, policyId, motif }),
    }));
    return { changes, ...next };
  };

/** "niveau 1 (rappel) 2026-06-01 09:00, niveau 2 (relance) 2026-06-22 09:00". */
const mails = (envois: EnvoiPrevu[]): string =>
  envois
    .map(
      ({ datePrevue: at, ...level }) =>
        `niveau ${level.niveau} (${channelInWords(level)}) ${at ? local(at) : 'à la reprise'}`,
    )
    .join(', ') || 'fin des relances';

/** "2e présentation 2026-03-09 10:00, 3e présentation 2026-03-12 10:00". */
const attempts = (tentatives: TentativePrevue[]): string =>
  tentatives
    .map(({ numero, datePrevue }) => `${presentationInWords(numero + 1)} ${local(datePrevue!)}`)
    .join(', ') || 'aucune présentation de plus';

/**
 * Prints the changes of follow-ups page by page, and moves them if asked to. One that cannot be moved does
 * not stop the others.
 * @param counts the numbers of moved (or movable) follow-ups
 */
export async function migrateFollowUps(
  preview: Changes,
  describe: Describe,
  apply: boolean,
  counts: { changed: number; unchanged: number; refused: number },
): Promise<void> {
  for await (const { changes } of everyPage(({ pageToken }) => preview(pageToken))) {
    for (const { about, before, after, changee, obstacle, move } of changes) {
      if (!obstacle && !changee) {
        counts.unchanged += 1;
        continue;
      }
      console.log(`${await describe(about)}: ${obstacle || `${before} -> ${after}`}`);
      const refusal = obstacle || (apply && (await move().then(() => '', describeRefusal)));
      if (refusal && !obstacle) console.log(`  refusé : ${refusal}`);
      counts[refusal ? 'refused' : 'changed'] += 1;
    }
  }
}
