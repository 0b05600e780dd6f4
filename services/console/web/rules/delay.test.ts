import { readDelay, readHour, writtenDelay } from './delay.ts';

test.each<[string, string | undefined]>([
  ['15', 'P15D'],
  ['J+15', 'P15D'],
  [' 15 jours ', 'P15D'],
  ['0', 'P0D'],
  ['20 j 10 h', 'P20DT10H'],
  ['20 jours et 10 heures', 'P20DT10H'],
  ['2h', 'PT2H'],
  ['90 min', 'PT90M'],
  ['5 s', 'PT5S'],
  ['1 h 30 min', 'PT1H30M'],
  ['10 h 20 j', undefined],
  ['2 h 3 h', undefined],
  ['-3', undefined],
  ['deux jours', undefined],
  ['15 j demain', undefined],
  ['3 mois', undefined],
  ['', undefined],
])('the delay %j is %s', (written, iso) => {
  expect(readDelay(written)).toBe(iso);
  if (iso) expect(readDelay(writtenDelay(iso))).toBe(iso);
});

test.each<[string, string | undefined]>([
  ['9', '09:00'],
  ['9h', '09:00'],
  ['9 h 30', '09:30'],
  ['09:30', '09:30'],
  ['24:00', '00:00'],
  ['25h', undefined],
  ['9h75', undefined],
  ['24h30', undefined],
  ['midi', undefined],
])('the hour %j is %s', (written, hour) => expect(readHour(written)).toBe(hour));
