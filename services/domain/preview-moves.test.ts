import { failedPrecondition } from '@crm/kit';
import { previewMoves } from './preview-moves.ts';

const asItIs = async (row: number) => ({ row });
const moved = async (row: number) => {
  if (row === 2) throw failedPrecondition('NONE_LEFT', 'no attempt is left');
  if (row === 3) throw new TypeError('a mistake of ours');
  return { changee: true };
};

test('of a page, one that cannot be moved says why, and holds up no other', async () => {
  expect(await previewMoves([1, 2, 1], false, asItIs, moved)).toEqual([
    { row: 1, changee: true },
    { row: 2, obstacle: 'no attempt is left' },
    { row: 1, changee: true },
  ]);
});

test('one that was asked for alone is refused; what is no refusal is an error anyway', async () => {
  await expect(previewMoves([2], true, asItIs, moved)).rejects.toThrow('no attempt is left');
  await expect(previewMoves([1, 3], false, asItIs, moved)).rejects.toThrow('a mistake of ours');
});
