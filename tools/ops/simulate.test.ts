import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { DEFAULT_POLITIQUE } from '@crm/retry/politique';
import type { CallService } from './service-callers.ts';
import { policyOf } from './read-retries.ts';
import { levelsOf } from './simulate-invoice.ts';

type Asked = { organisationId: string; pageSize: number; pageToken: string };

/** A service whose lists are newest first, with the only active row on the second page. */
function serviceWith(name: string, active: object): CallService {
  const rows = Array.from({ length: 201 }, (_, i) => ({ ...active, id: String(i), actif: i === 200 }));
  const list = async ({ organisationId, pageSize, pageToken }: Asked) => {
    const from = Number(pageToken);
    const some = organisationId === 'org' ? rows.slice(from, from + pageSize) : [];
    return { [name]: some, nextPageToken: from + pageSize < rows.length ? String(from + pageSize) : '' };
  };
  return (() => ({ list, listPolicies: list })) as unknown as CallService;
}

test('rules and policies are read to the last page', async () => {
  const level = { ...DEFAULT_LEVEL, delai: 'P8D' };
  expect(await levelsOf(serviceWith('regles', { ...level, priorite: 0 }), 'org')).toEqual([level]);
  const politique = { ...DEFAULT_POLITIQUE, delaisJours: [3] };
  expect(await policyOf(serviceWith('policies', { politique, priorite: 0 }), 'org')).toEqual(politique);
});
