import { dateInParis } from '@crm/domain';
import { notFound, RpcError, unavailable } from '@crm/kit';
import { Client } from '@crm/proto/clients/clients';
import { Invoice, StatutFacture } from '@crm/proto/factures/factures';
import { CouvertureFacture } from '@crm/proto/payments/payments';
import { Metadata } from '@grpc/grpc-js';
import type { Debit } from '@crm/relance/foresee';
import type { NextOpenDay } from '@crm/relance/next-send-time';
import type { Level } from '@crm/relance/due-at';
import type { Services } from '@crm/workers/clients';
import { RelancesInMemory } from './relances-in-memory.ts';

/** A mail that went out. Amounts in cents. */
export type SentMail = { modele: string; invoiceId: string; restantDu: bigint; at: Date; envoi: string };

type Mail = { modele: string; variables: Record<string, string>; envoi: string };

/** The services that the reminders of invoices speak with, in memory and on another clock. */
export class ServicesInMemory {
  readonly invoices = new Map<string, Invoice>();
  readonly clients = new Map<string, Client>();
  readonly mails: SentMail[] = [];
  /** What tasks were created for: the same is one task. */
  readonly tasks = new Set<string>();
  /** The debits under way, at most this much of their invoice each. */
  debits: { invoiceId: string; montant: bigint; dernierMot: Date; encaisse: boolean }[] = [];
  readonly relances: RelancesInMemory;
  /** Of the next mails, so many go out and their answer is lost. */
  answersLost = 0;
  /** What happens between the loss of an answer and the next attempt. */
  onLost: () => Promise<void> = () => Promise.resolve();
  /** Before a mail goes out; it may refuse it. */
  onSend: () => void = () => {};
  private readonly now: () => Promise<Date>;

  constructor(options: { now: () => Promise<Date>; levels: Level[]; nextOpenDay: NextOpenDay }) {
    this.now = options.now;
    const invoiceOf = (id: string) => {
      const invoice = this.invoices.get(id);
      return invoice && { ...invoice, emiseAt: invoice.createdAt };
    };
    this.relances = new RelancesInMemory({
      ...options,
      invoiceOf,
      clientOf: (id) => this.clients.get(id),
      coverOf: (id) => this.coverOf(id),
    });
  }

  /** As the workers call them. */
  readonly services = () =>
    ({
      factures: asCalled({
        get: async ({ id }: { id: string }) => found('invoice', id, this.invoices.get(id)),
      }),
      clients: asCalled({
        get: async ({ id }: { id: string }) => found('client', id, this.clients.get(id)),
      }),
      relances: asCalled(this.relances.client),
      taches: asCalled({
        create: async ({ origine }: { origine: string }) => this.tasks.add(origine),
      }),
      email: asCalled({
        sendEmailWithTemplate: (mail: Mail) => this.send(mail),
      }),
    }) as unknown as Services;

  /** What debits under way take of an invoice, in order of their last words. */
  debitsOf(id: string): Debit[] {
    let left = this.invoices.get(id)!.restantDu;
    return this.debits
      .filter(({ invoiceId }) => invoiceId === id)
      .toSorted((a, b) => a.dernierMot.getTime() - b.dernierMot.getTime())
      .flatMap(({ montant: most, dernierMot, encaisse }) => {
        const montant = most < left ? most : left;
        left -= montant;
        return montant > 0n ? [{ montant, dernierMot, encaisse, libelle: '' }] : [];
      });
  }

  /** As payments does it. */
  private coverOf(invoiceId: string): CouvertureFacture | undefined {
    const prelevements = this.debitsOf(invoiceId).map(({ montant, dernierMot }) => {
      return { montant, date: dateInParis(dernierMot) };
    });
    if (prelevements.length === 0) return undefined;
    const montant = prelevements.reduce((sum, debit) => sum + debit.montant, 0n);
    const { restantDu } = this.invoices.get(invoiceId)!;
    return CouvertureFacture.fromPartial({ invoiceId, restantDu, montant, prelevements });
  }

  /** Issues an invoice. */
  issue(fields: Partial<Invoice> & { id: string }): Invoice {
    const invoice = Invoice.fromPartial({ statut: StatutFacture.EMISE, ...fields });
    this.invoices.set(invoice.id, this.balanced(invoice));
    return this.invoices.get(invoice.id)!;
  }

  /** Counts money towards an invoice: what is received of it, or credited on it, in cents. */
  count(id: string, what: 'montantRecu' | 'montantAvoirs', cents: bigint): void {
    const invoice = this.invoices.get(id)!;
    this.invoices.set(id, this.balanced({ ...invoice, [what]: invoice[what] + cents }));
  }

  /** As factures does it. */
  private balanced(invoice: Invoice): Invoice {
    const { montant, montantAvoirs, montantRecu } = invoice;
    const left = montant - montantAvoirs - montantRecu;
    const statut =
      montantAvoirs >= montant
        ? StatutFacture.ANNULEE
        : left <= 0n
          ? StatutFacture.PAYEE
          : StatutFacture.EMISE;
    return { ...invoice, restantDu: left > 0n ? left : 0n, statut };
  }

  private async send({ modele, variables, envoi }: Mail): Promise<object> {
    this.onSend();
    const [, invoiceId = ''] = envoi.split('/');
    if (!this.mails.some((sent) => sent.envoi === envoi)) {
      // what debits take is not asked for
      const restantDu = BigInt(variables.restantDu ?? 0) - BigInt(variables.montantPreleve ?? 0);
      this.mails.push({ modele, invoiceId, restantDu, at: await this.now(), envoi });
    }
    if (this.answersLost > 0) {
      this.answersLost -= 1;
      await this.onLost();
      throw unavailable('EMAIL', 'the answer was lost');
    }
    return {};
  }
}

export function found<T>(entity: string, id: string, row: T | undefined): T {
  if (!row) throw notFound(entity, id);
  return row;
}

/** Has errors arrive as they do over gRPC: as ServiceErrors. */
export function asCalled<S extends object>(service: S): S {
  const methods = Object.entries(service as Record<string, (...args: unknown[]) => Promise<unknown>>);
  const called = methods.map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      try {
        return await method(...args);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        const { code, message: details } = error;
        throw Object.assign(new Error(details), { code, details, metadata: new Metadata() });
      }
    },
  ]);
  return Object.fromEntries(called) as S;
}
