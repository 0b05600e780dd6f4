import { create } from '@bufbuild/protobuf';
import {
  IssueCommande,
  ResultatCommandeSchema,
  ResultatsCommandesSchema,
} from '../../gen/proto/commandes/commandes_pb.ts';
import { parts, tellParts, type Part } from './in-parts.ts';

const { FAITE, REFUSEE, NON_ATTEINTE } = IssueCommande;
const suivis = Array.from({ length: 1_001 }, (_, index) =>
  create(ResultatCommandeSchema, { id: `r-${index}` }),
);
const answer = ({ suivis: of }: Part, issue: (index: number) => IssueCommande) =>
  create(ResultatsCommandesSchema, {
    resultats: of.map(({ id }, index) => create(ResultatCommandeSchema, { id, issue: issue(index) })),
  });

test('larger sets go in parts; what a call did not reach is asked for again under the same key, and a failure goes on later', async () => {
  const all = parts(suivis);
  expect(all.map(({ suivis: of }) => of.length)).toEqual([500, 500, 1]);
  expect(new Set(all.map(({ key }) => key)).size).toBe(3);
  const keys: string[] = [];
  let isAway = true;
  const call = async (part: Part) => {
    keys.push(part.key);
    const isFirst = keys.filter((key) => key === part.key).length === 1;
    if (part === all[1] && isAway) throw new Error('away');
    return answer(part, (index) => (isFirst && index > 300 ? NON_ATTEINTE : index ? FAITE : REFUSEE));
  };
  const seen: number[] = [];
  await expect(tellParts(all, call, (answered) => seen.push(answered))).rejects.toThrow('away');
  isAway = false;
  const results = await tellParts(all, call, (answered) => seen.push(answered));
  expect(results.map(({ id }) => id)).toEqual(suivis.map(({ id }) => id));
  expect(results.filter(({ issue }) => issue === REFUSEE)).toHaveLength(3);
  expect(results.filter(({ issue }) => issue === NON_ATTEINTE)).toHaveLength(0);
  const [a, b, c] = all.map(({ key }) => key) as [string, string, string];
  expect(keys).toEqual([a, a, b, b, c]);
  expect(seen.at(-1)).toBe(1_001);
});
