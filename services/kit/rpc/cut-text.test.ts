import { cutText } from './cut-text.ts';

test.each([
  ['abc', 3, 'abc'],
  ['abc', 2, 'ab'],
  ['a😀b', 2, 'a😀'],
  ['😀😀😀', 2, '😀😀'],
  ['a😀😀😀', 2, 'a😀'],
  ['', 2, ''],
])('%p, %p characters of it', (text, most, cut) => expect(cutText(text, most)).toBe(cut));

test('of a long text only the beginning is looked at', () => {
  expect(cutText('é'.repeat(50_000_000), 3)).toBe('ééé');
});
