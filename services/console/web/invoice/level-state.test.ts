import { create } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { RelanceSchema, StatutRelance } from '../../gen/proto/relance/relance_pb.ts';
import { levelAfterNext, stateOf } from './level-state.ts';

const relance = (statut: StatutRelance, prochainNiveau: number) =>
  create(RelanceSchema, {
    statut,
    prochainNiveau,
    niveaux: [
      { niveau: 1, envoyeeAt: timestampNow() },
      { niveau: 2, motifSaut: 'promesse' },
      { niveau: 3 },
      { niveau: 4 },
    ],
  });

test.each([
  [StatutRelance.EN_ATTENTE, 3, ['sent', 'skipped', 'next', 'planned'], 4],
  [StatutRelance.EN_PAUSE, 3, ['sent', 'skipped', 'next', 'planned'], 4],
  [StatutRelance.EN_ATTENTE, 4, ['sent', 'skipped', 'planned', 'next'], undefined],
  [StatutRelance.ANNULEE, 0, ['sent', 'skipped', 'never', 'never'], undefined],
])('statut %i, next %i: %j', (statut, next, states, after) => {
  const given = relance(statut, next);
  expect(given.niveaux.map((level) => stateOf(given, level))).toEqual(states);
  expect(levelAfterNext(given)?.niveau).toBe(after);
});
