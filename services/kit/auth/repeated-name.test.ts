import { repeatedName } from './repeated-name.ts';

test.each([
  ['{"sub":"a","sub":"b"}', 'sub'],
  ['{"sub":"a" , "\\u0073ub" : "b"}', 'sub'],
  ['{"a":{"b":1,"c":[{"d":1,"e":"}","d":2}]}}', 'd'],
  ['{"a":[{"b":1}],"x":"\\"{","a":1}', 'a'],
  ['{"":1,"":2}', ''],
])('%s has a name twice', (json, name) => {
  expect(JSON.parse(json)).toBeDefined();
  expect(repeatedName(json)).toBe(name);
});

test.each([
  '{}',
  '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
  '{"a":"a\\":","b":"\\"a\\":1,\\"a\\":2"}',
  '{"a":["b","b"],"b":"a","A":1,"__proto__":1,"toString":2}',
  '{"a":"\\\\","b":"\\\\"}',
])('%s has none', (json) => {
  expect(JSON.parse(json)).toBeDefined();
  expect(repeatedName(json)).toBeUndefined();
});
