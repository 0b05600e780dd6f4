import { csv } from './csv.ts';

test('a file for French spreadsheets: amounts with a comma, no formula of a stranger, any sign in a name', () => {
  const rows = [
    ['Vasseur & fils', 124_050n, 12],
    ['=HYPERLINK("http://x")', -5n, 0.5],
    ['Léa; "Nord"\nSud', 0n, -3],
    ['+33 3 20', 0n, 0],
  ];
  expect(csv(['Client', 'Dû', 'Jours'], rows)).toBe(
    [
      '\uFEFFClient;Dû;Jours',
      'Vasseur & fils;1240,50;12',
      `"'=HYPERLINK(""http://x"")";-0,05;0,5`,
      '"Léa; ""Nord""\nSud";0,00;-3',
      "'+33 3 20;0,00;0",
      '',
    ].join('\r\n'),
  );
});
