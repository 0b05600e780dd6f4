import { ROOT } from '@crm/tools/data-folder';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(ROOT, 'docs/adr');
const files = readdirSync(FOLDER).sort();

test.each(files)('%s has its number, a date, a status and the three parts', (file) => {
  const [title = '', , dated = '', , ...body] = readFileSync(join(FOLDER, file), 'utf8').split('\n');
  expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
  expect(title).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. \\S`));
  expect(dated).toMatch(/^Date: \d{4}-\d{2}-\d{2}\. Status: (proposed|accepted|superseded)\b.*\.$/);
  for (const part of ['Context', 'Choice', 'Consequence'])
    expect(body.join('\n')).toMatch(new RegExp(`^(## ${part}$|\\*\\*${part}\\.\\*\\*)`, 'm'));
});

test('no two decisions have the same number', () => {
  const numbers = files.map((file) => file.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
});
