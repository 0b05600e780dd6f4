import { remembered } from './remembered.ts';

test('each thing is asked about once, also while the answer is waited for', async () => {
  const asked: unknown[] = [];
  const open = remembered((organisationId: string, days: string[]) => {
    asked.push([organisationId, days]);
    return Promise.resolve(`${organisationId} ${days.join()}`);
  });
  const answers = [open('a', ['1', '2']), open('a', ['1', '2']), open('b', ['1', '2']), open('a', ['1'])];
  expect(await Promise.all(answers)).toEqual(['a 1,2', 'a 1,2', 'b 1,2', 'a 1']);
  expect(asked).toHaveLength(3);
});
