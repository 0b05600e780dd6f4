import { ROOT } from '@crm/tools/data-folder';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from 'semver';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const ci = parse(read('.github/workflows/ci.yml')) as {
  jobs: { ci: { strategy: { matrix: { node: number[] } } } };
};
const tested = ci.jobs.ci.strategy.matrix.node;

test('the versions of Node that CI tests are those that the docs name, and the image is of one', () => {
  expect(read('README.md')).toContain(`Node ${tested.join(' or ')} and Python`);
  expect(read('CONTRIBUTING.md')).toContain(`on Node ${tested.join(' or ')} `);
  expect(tested).toContain(Number(/^ARG NODE_VERSION=(\d+)$/m.exec(read('docker/Dockerfile'))![1]));
});

test('npm takes each of them, and the one that runs this', () => {
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
  const versions = [...tested.map((major) => `${major}.99.0`), process.versions.node];
  expect(versions.filter((version) => !satisfies(version, engines.node))).toEqual([]);
});
