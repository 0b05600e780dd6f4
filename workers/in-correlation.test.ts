import { currentWork } from '@crm/kit';
import { inCorrelation } from './in-correlation.ts';

const { seen } = inCorrelation({
  async seen(_input?: { correlationId?: string }) {
    await Promise.resolve();
    return currentWork()?.correlationId;
  },
});

test('a follow-up calls under the correlation id of what began it', async () => {
  expect(await Promise.all([seen({ correlationId: 'a' }), seen({ correlationId: 'b' })])).toEqual(['a', 'b']);
  expect([await seen({}), await seen()]).toEqual([undefined, undefined]);
});
