import { planned } from './planned.ts';

test('what cannot be planned is refused when it is to be done, and not before', async () => {
  expect((await planned(async () => 7))()).toBe(7);
  const plan = await planned(async () => {
    throw new Error('it has ended');
  });
  expect(plan).toThrow('it has ended');
});
