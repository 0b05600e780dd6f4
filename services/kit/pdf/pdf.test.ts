import { status } from '@grpc/grpc-js';
import { renderPdf, type PdfDefinition } from './pdf.ts';

const letter = (text: string, creationDate = new Date('2026-03-02T09:00:00Z')): PdfDefinition => ({
  info: { title: 'Lettre', creationDate },
  content: [
    { text, bold: true },
    { text: 'é œ € « ’ »', italics: true },
  ],
});

test('the same document has the same bytes, another one has others', async () => {
  const first = await renderPdf(letter('Bonjour'));
  expect(first.subarray(0, 5).toString()).toBe('%PDF-');
  expect(first.subarray(-6).toString()).toContain('%%EOF');
  expect(first.equals(await renderPdf(letter('Bonjour')))).toBe(true);
  expect(first.equals(await renderPdf(letter('Bonsoir')))).toBe(false);
  expect(first.equals(await renderPdf(letter('Bonjour', new Date('2026-03-03T09:00:00Z'))))).toBe(false);
});

test('documents rendered at the same time do not mix', async () => {
  const alone = await renderPdf(letter('Un'));
  const [un, deux] = await Promise.all([renderPdf(letter('Un')), renderPdf(letter('Deux'))]);
  expect(un.equals(alone)).toBe(true);
  expect(deux.equals(alone)).toBe(false);
});

test('a document reads no file and nothing from the network', async () => {
  const content = [{ image: 'image' }];
  const withImage = (image: string) => renderPdf({ ...letter(''), content, images: { image } });
  await expect(withImage('/etc/hostname')).rejects.toThrow(/denied/);
  await expect(withImage('http://127.0.0.1:1/x.png')).rejects.toThrow(/denied/);
});

test('documents that nobody waits for any more are not rendered, and the queue has an end', async () => {
  const long: PdfDefinition = {
    ...letter(''),
    content: Array.from({ length: 400 }, (_, line) => ({ text: `Ligne ${line}` })),
  };
  const first = renderPdf(long);
  const gone = new AbortController();
  const abandoned = Array.from({ length: 100 }, () => renderPdf(long, gone.signal));
  await expect(renderPdf(letter('Trop'))).rejects.toMatchObject({ code: status.UNAVAILABLE });
  gone.abort(new Error('gone'));
  const ended = await Promise.allSettled(abandoned);
  await first;
  // aborted while the first one is rendered, so they are never started
  expect(ended.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  expect((await renderPdf(letter('Après'))).length).toBeGreaterThan(0);
});
