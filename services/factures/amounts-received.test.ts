import { connectTo } from '@crm/kit';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { status } from '@grpc/grpc-js';
import { amountsReceived } from './amounts-received.ts';

test('a payments service that is away makes it UNAVAILABLE, not an amount', async () => {
  const away = connectTo(PaymentServiceService, '127.0.0.1:1', async () => 'token');
  try {
    await expect(amountsReceived(away)(['a'])).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect((await amountsReceived(away)([]))('a')).toBe(0n);
  } finally {
    away.close();
  }
});

test('an invoice that payments says nothing of has no amount', async () => {
  const received = amountsReceived({
    getMontantsRecus: async () => ({ montants: [{ invoiceId: 'a', montant: 5n }] }),
  });
  const amount = await received(['a', 'b']);
  expect(amount('a')).toBe(5n);
  expect(() => amount('b')).toThrow('did not say');
});
