import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PieceJointeServiceService } from '@crm/proto/documents/documents';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const MIB = 1024 * 1024;
const stack = sharedStack();
const pieces = stack.client('documents', PieceJointeServiceService);
const patient = { deadlineMs: 60_000 };

afterAll(() => stack.close());

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const fileOf = (bytes: Uint8Array) =>
  join(stack.env.DATA_DIR!, 'documents', sha256(bytes).slice(0, 2), sha256(bytes));

const piece = (contenu: Buffer, more: object = {}) => ({
  typeEntite: 'CONTRAT' as const,
  entiteId: unique('contrat'),
  nomFichier: 'Contrat signé.pdf',
  contenu,
  ...more,
});

async function download(id: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const { contenu } of pieces.download({ id }, patient)) {
    expect(contenu.length).toBeLessThanOrEqual(64 * 1024);
    chunks.push(contenu);
  }
  return Buffer.concat(chunks);
}

test('a file of 10 MiB comes back as it was; a larger one is refused', async () => {
  const contenu = randomBytes(10 * MIB);
  const stored = await pieces.create(piece(contenu), patient);
  expect(stored).toMatchObject({
    organisationId: 'default',
    typeMime: 'application/pdf',
    taille: BigInt(10 * MIB),
    sha256: sha256(contenu),
    archivee: false,
    archiveeAt: undefined,
    auteur: 'alice',
  });
  expect(await pieces.get({ id: stored.id })).toEqual(stored);
  expect((await download(stored.id)).equals(contenu)).toBe(true);
  await pieces.delete({ id: stored.id });
  const tooLarge = await refusalOf(pieces.create(piece(randomBytes(10 * MIB + 1)), patient));
  expect(tooLarge).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'contenu' }] });
  const far = await refusalOf(pieces.create(piece(randomBytes(12 * MIB)), patient));
  expect(far.code).toBe('RESOURCE_EXHAUSTED');
}, 120_000);

test('names are names and no paths; a file has bytes and belongs to something', async () => {
  const faults = [
    [{ nomFichier: '../../etc/passwd' }, 'nomFichier'],
    [{ nomFichier: 'a\\b' }, 'nomFichier'],
    [{ nomFichier: '..' }, 'nomFichier'],
    [{ nomFichier: '.' }, 'nomFichier'],
    [{ nomFichier: ' ' }, 'nomFichier'],
    [{ nomFichier: 'a\nb' }, 'nomFichier'],
    [{ contenu: Buffer.alloc(0) }, 'contenu'],
    [{ typeEntite: 'TYPE_ENTITE_UNSPECIFIED' }, 'typeEntite'],
    [{ entiteId: '' }, 'entiteId'],
    [{ typeMime: 'text' }, 'typeMime'],
  ] as const;
  for (const [fault, field] of faults) {
    const { code, violations } = await refusalOf(pieces.create(piece(Buffer.from('x'), fault)));
    expect([code, violations[0]?.field]).toEqual(['INVALID_ARGUMENT', field]);
  }
});

test('the same bytes are kept once, until the last who has them is deleted', async () => {
  const contenu = randomBytes(1000);
  const [one, other] = [await pieces.create(piece(contenu)), await pieces.create(piece(contenu))];
  expect(one.sha256).toBe(other.sha256);
  await pieces.delete({ id: one.id });
  expect((await refusalOf(pieces.get({ id: one.id }))).code).toBe('NOT_FOUND');
  expect((await download(other.id)).equals(contenu)).toBe(true);
  await pieces.delete({ id: other.id });
  expect(existsSync(fileOf(contenu))).toBe(false);
  expect((await refusalOf(pieces.delete({ id: other.id }))).code).toBe('NOT_FOUND');
});

test('created and deleted at the same time, no row is left without its file, no file without a row', async () => {
  const contenu = randomBytes(1000);
  const store = async () => (await pieces.create(piece(contenu), patient)).id;
  const remove = (id: string) => pieces.delete({ id }, patient);
  for (let round = 0; round < 20; round += 1) {
    const going = await Promise.all([store(), store()]);
    const [, , ...kept] = await Promise.all([...going.map(remove), store(), store(), store()]);
    for (const id of kept) expect((await download(id as string)).equals(contenu)).toBe(true);
    await Promise.all(kept.map((id) => remove(id as string)));
    expect(existsSync(fileOf(contenu))).toBe(false);
  }
}, 120_000);

test('what is archived stays: for callers, for whoever writes to the database', async () => {
  const contenu = randomBytes(1000);
  const { id } = await pieces.create(piece(contenu));
  const archived = await pieces.archiver({ id });
  expect(archived.archivee).toBe(true);
  expect(archived.archiveeAt).toBeInstanceOf(Date);
  expect(await pieces.archiver({ id })).toEqual(archived);
  const refusal = await refusalOf(pieces.delete({ id }));
  expect(refusal).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'PIECE_ARCHIVEE' });
  for (const change of [
    'DELETE FROM documents.pieces_jointes',
    "UPDATE documents.pieces_jointes SET nom_fichier = 'x'",
    'UPDATE documents.pieces_jointes SET archivee_at = NULL',
  ]) {
    await expect(stack.sql(`${change} WHERE id = $1`, id)).rejects.toThrow('archived');
  }
  // one that has the same bytes and goes leaves them
  const { id: other } = await pieces.create(piece(contenu));
  await pieces.delete({ id: other });
  expect((await download(id)).equals(contenu)).toBe(true);
  const atOnce = await pieces.create(piece(contenu, { archivee: true }));
  expect(atOnce.archivee).toBe(true);
  expect((await refusalOf(pieces.delete({ id: atOnce.id }))).code).toBe('FAILED_PRECONDITION');
  expect((await refusalOf(pieces.archiver({ id: 'none' }))).code).toBe('NOT_FOUND');
});

test('damaged bytes are DATA_LOSS, not an answer', async () => {
  const contenu = randomBytes(200_000);
  const { id } = await pieces.create(piece(contenu));
  await chmod(fileOf(contenu), 0o600);
  await writeFile(fileOf(contenu), Buffer.concat([contenu.subarray(0, -1), Buffer.from([0, 1])]));
  expect((await refusalOf(download(id))).code).toBe('DATA_LOSS');
});

test('lists the files of an entity and of an organisation', async () => {
  const entiteId = unique('contrat');
  const organisationId = unique('org');
  const stored = [];
  for (const nomFichier of ['a.txt', 'b.txt', 'c']) {
    stored.unshift(await pieces.create(piece(Buffer.from('x'), { entiteId, organisationId, nomFichier })));
  }
  await pieces.create(piece(Buffer.from('x'), { entiteId, typeEntite: 'CLIENT' }));
  expect(stored.map(({ typeMime }) => typeMime)).toEqual([
    'application/octet-stream',
    'text/plain',
    'text/plain',
  ]);
  const entite = { typeEntite: 'CONTRAT' as const, entiteId };
  const first = await pieces.listByEntite({ ...entite, pageSize: 2 });
  expect(first.piecesJointes).toEqual(stored.slice(0, 2));
  const second = await pieces.listByEntite({ ...entite, pageSize: 2, pageToken: first.nextPageToken });
  expect(second).toEqual({ piecesJointes: stored.slice(2), nextPageToken: '' });
  expect((await pieces.list({ organisationId })).piecesJointes).toEqual(stored);
});

test('a repeated Create is one file', async () => {
  const request = piece(randomBytes(100));
  const keyed = { metadata: { 'idempotency-key': randomUUID() } };
  const answers = await Promise.all([1, 2, 3].map(() => pieces.create(request, keyed)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  const { entiteId } = request;
  const { piecesJointes } = await pieces.listByEntite({ typeEntite: 'CONTRAT', entiteId });
  expect(piecesJointes).toHaveLength(1);
});
