import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { PieceJointeServiceService } from '@crm/proto/documents/documents';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const contrats = stack.client('contrats', ContratServiceService);
const pieces = stack.client('documents', PieceJointeServiceService);

afterAll(() => stack.close());

test('a signed contract is archived as a file that cannot be deleted', async () => {
  const { id } = await contrats.create({
    organisationId: unique('org'),
    clientId: 'client-123',
    produitId: 'prod-456',
  });
  const piece = await until('the archived contract', async () => {
    const { piecesJointes } = await pieces.listByEntite({ typeEntite: 'CONTRAT', entiteId: id });
    return piecesJointes[0];
  });
  expect(piece).toMatchObject({ entiteId: id, typeMime: 'application/pdf', archivee: true });
  const chunks: Uint8Array[] = [];
  for await (const { contenu } of pieces.download({ id: piece.id })) chunks.push(contenu);
  expect(Buffer.concat(chunks).subarray(0, 5).toString()).toBe('%PDF-');
  expect((await refusalOf(pieces.delete({ id: piece.id }))).reason).toBe('PIECE_ARCHIVEE');
}, 90_000);
