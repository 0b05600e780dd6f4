import { ROOT } from '../data-folder.ts';
import { addImport, addTo, listOf, objectAt } from './add-to.ts';
import { Draft } from './draft.ts';
import { eventFaults } from './event.ts';
import { handlerFaults } from './handler.ts';
import { serviceFaults } from './service.ts';
import { workflowFaults } from './workflow.ts';

const draft = new Draft(ROOT);

test.each([
  ['clients', {}, ['clients is taken', 'Client is a model']],
  ['kit', {}, ['kit is taken']],
  ['postgres', {}, ['postgres is taken']],
  ['Inventaire-x', {}, ['small letters']],
  ['class', {}, ['class is a word of JavaScript']],
  ['inventaires', { entity: 'Client' }, ['Client is a model']],
  ['inventaires', {}, []],
])('a service %s %p is refused for all that is wrong', (name, options, expected) => {
  expect(serviceFaults(draft, name, options)).toEqual(
    expected.map((fault) => expect.stringContaining(fault) as string),
  );
});

const publisher = 'contrats.ContratService/Create';
test.each([
  ['client.created', 'nobody', ['is an event already', 'is a message', 'no such method']],
  ['documents.signed', publisher, ['no bank details']],
  ['inventaire', publisher, ['what happened to it']],
  ['first.followUp', publisher, ['what happened to it']],
  ['inventaire.closed', publisher, []],
])('an event %s of %s is refused for all that is wrong', (name, publisher, expected) => {
  expect(eventFaults(draft, name, { publisher })).toEqual(
    expected.map((fault) => expect.stringContaining(fault) as string),
  );
});

test.each([
  [
    'sendWelcomeEmail',
    'x.y',
    'nobody',
    undefined,
    ['a handler of client.created', 'no such event', 'no such service'],
  ],
  ['mailAgain', 'client.created', 'email', undefined, ['a handler that calls email already']],
  ['recordIt', 'client.created', 'activites', undefined, ['--rpc <Service/Method>']],
  ['recordIt', 'client.created', 'activites', 'TacheService/Nothing', ['no such method; it has']],
  // it requires a day, which the event does not have
  ['closeDay', 'client.created', 'calendar', undefined, ['date: must be a date']],
  ['createTask', 'client.created', 'activites', 'TacheService/Create', []],
])('a handler %s of %s by %s %s is refused for all that is wrong', (name, event, service, rpc, expected) => {
  const options = { event, service, ...(rpc && { rpc }) };
  expect(handlerFaults(draft, name, options)).toEqual(
    expected.map((fault) => expect.stringContaining(fault) as string),
  );
});

test.each([
  ['first-follow-up', {}, ['first-follow-up is taken']],
  ['reminder', { of: 'A Quote' }, ['two words or more', '--of A Quote']],
  ['stock-count', {}, []],
])('a workflow %s %p is refused for all that is wrong', (name, options, expected) => {
  expect(workflowFaults(draft, name, options)).toEqual(
    expected.map((fault) => expect.stringContaining(fault) as string),
  );
});

describe('an edit', () => {
  const source = `import { a } from './a.ts';\nexport const table = { one: call({ inner: {} }), two: () => { return { three: 3 }; } };\n`;

  test('goes to the end of its list, empty or not', () => {
    expect(addTo(source, 'table', listOf('table'), 'last: 1')).toContain('; },\nlast: 1');
    expect(addTo(source, 'inner', objectAt('one', 'inner'), 'x: 1')).toContain('inner: {x: 1}');
    expect(addTo(source, 'two', objectAt('two'), 'four: 4')).toContain('{ three: 3,\nfour: 4 }');
  });

  test('of an import adds a name to those of its module, or a line in its place', () => {
    expect(addImport(source, 'b', './a.ts')).toContain(`import { a, b } from './a.ts';`);
    expect(addImport(source, 'a', './a.ts')).toBe(source);
    expect(addImport(source, 'z', './b.ts')).toContain(`'./a.ts';\nimport { z } from './b.ts';\n`);
  });

  test('whose place is gone is told with what was to be written', () => {
    expect(() => addTo(source, 'events in events.ts', listOf('events'), 'x: 1')).toThrow(
      'events in events.ts is not where it was; to be added there:\nx: 1',
    );
    expect(() => new Draft(ROOT).insertAfter('README.md', /^no such line$/, 'text')).toThrow(
      'README.md has no line',
    );
  });
});

test('what is drafted is not written', () => {
  const draft = new Draft(ROOT);
  draft.create('tools/new/never.ts', 'never');
  expect(draft.read('tools/new/never.ts')).toBe('never');
  expect(new Draft(ROOT).exists('tools/new/never.ts')).toBe(false);
  expect(() => draft.create('README.md', '')).toThrow('README.md is there already');
});
