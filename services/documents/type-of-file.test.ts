import { typeOfFile } from './type-of-file.ts';

test('the ending of a name says its type, in any case', () => {
  expect(typeOfFile('Contrat signé.PDF')).toBe('application/pdf');
  expect(typeOfFile('archive.tar.zip')).toBe('application/zip');
  for (const nom of ['sans-fin', '.pdf', 'x.constructor', 'x.']) {
    expect(typeOfFile(nom)).toBe('application/octet-stream');
  }
});
