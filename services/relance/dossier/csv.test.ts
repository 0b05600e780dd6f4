import { csv } from './csv.ts';

test('cells with semicolons, quotes and lines are quoted; nothing is a formula', () => {
  const rows = [
    ['Motif', 'Par'],
    ['dit "non" ; deux\nlignes', '=HYPERLINK("https://x")'],
  ];
  expect(csv(rows)).toBe('\ufeffMotif;Par\r\n"dit ""non"" ; deux\nlignes";"\'=HYPERLINK(""https://x"")"\r\n');
});
