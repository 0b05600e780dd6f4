import { notFound } from '@crm/kit';
import { Payment, StatutPaiement } from '@crm/proto/payments/payments';
import type { Services } from '@crm/workers/clients';

/** A payment and what the bank makes of it, in memory. */
export class BankInMemory {
  readonly payments = new Map<string, Payment>();
  private readonly now: () => Date;

  constructor(now: () => Date) {
    this.now = now;
  }

  /** As the workers call payments. */
  readonly client = {
    get: async ({ id }: { id: string }) => this.payment(id),
    replanifier: async ({ id, tentative, datePrevue }: Pick<Payment, 'id' | 'tentative' | 'datePrevue'>) =>
      this.change(id, { statut: StatutPaiement.PLANIFIE, tentative, datePrevue }),
    confirm: async ({ id }: { id: string }) =>
      this.change(id, { statut: StatutPaiement.ENCAISSE, dateReception: this.now() }),
  } as unknown as Services['payments'];

  /** The bank collects a debit. */
  collect = (id: string): Payment =>
    this.change(id, { statut: StatutPaiement.ENCAISSE, dateReception: this.now() });

  /** The bank rejects a debit. */
  reject = (id: string, motifRejet: string): Payment =>
    this.change(id, { statut: StatutPaiement.REJETE, motifRejet, dateRejet: this.now() });

  private payment(id: string): Payment {
    const payment = this.payments.get(id);
    if (!payment) throw notFound('payment', id);
    return payment;
  }

  private change(id: string, changes: Partial<Payment>): Payment {
    const changed = { ...this.payment(id), ...changes };
    this.payments.set(id, changed);
    return changed;
  }
}
