import { maskIbans } from './mask-ibans.ts';
import { MAX_TEXT, readReport, type ReadLine } from './read-report.ts';
import { EMPTY_LINE } from './report-line.ts';
import { UnreadableReport } from './unreadable-report.ts';

const id = (n: number) => `${String(n).padStart(32, '0')}01`;
/** Reads in pieces of a few bytes: the result must not depend on where a file is cut. */
async function read(content: string | Buffer, piece = 7): Promise<Omit<ReadLine, 'ligne'>[]> {
  const bytes = Buffer.from(content as string);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const found = [];
  for await (const some of readReport(pieces)) found.push(...some);
  return found.map(({ ligne, ...line }) => {
    expect(ligne).toBeGreaterThan(0);
    return line;
  });
}

/** A line of the first block of a pain.002, and one of an account's entry. */
const attempt = { ...EMPTY_LINE, portee: 'attempt', groupe: 1 };
const booked = (groupe: number) => ({
  ...{ ...attempt, groupe, montant: 75_000n, survenuAt: new Date('2026-03-10'), sens: 'CRDT' },
});
const COLLECTED = 'TRANSACTION_ENCAISSEE';
const REJECTED = 'TRANSACTION_REJETEE';
const RETURNED = 'TRANSACTION_RETOURNEE';
/** What each line covers, and what it says. */
const said = async (content: string) =>
  (await read(content)).map(({ portee, endToEndId, etat, motifRejet }) => [
    ...[portee === 'attempt' ? endToEndId : portee, etat, motifRejet],
  ]);

const pain002 = (transactions: string, version = '10') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId></GrpHdr>
<OrgnlPmtInfAndSts>${transactions}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;

const rejected = (n: number, code: string) =>
  `<TxInfAndSts><OrgnlEndToEndId>${id(n)}</OrgnlEndToEndId><TxSts>RJCT</TxSts>
   <StsRsnInf><Rsn><Cd>${code}</Cd></Rsn></StsRsnInf></TxInfAndSts>`;

const camt054 = (entries: string, version = '08') =>
  `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.${version}"><BkToCstmrDbtCdtNtfctn><Ntfctn>
   ${entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;

const entry = (n: number, { sts = '<Sts><Cd>BOOK</Cd></Sts>', ind = 'CRDT', more = '', rsn = '' } = {}) =>
  `<Ntry><Amt Ccy="EUR">750.00</Amt><CdtDbtInd>${ind}</CdtDbtInd>${more}${sts}<BookgDt><Dt>2026-03-10</Dt></BookgDt>
   <NtryDtls><TxDtls><Refs><EndToEndId>${id(n)}</EndToEndId></Refs>${rsn}</TxDtls></NtryDtls></Ntry>`;

test.each(['03', '10', '12'])(
  'pain.002.001.%s: every transaction is a line, with its reason',
  async (version) => {
    const settled = `<TxInfAndSts><OrgnlEndToEndId>${id(3)}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>`;
    const underWay = `<TxInfAndSts><OrgnlEndToEndId>${id(4)}</OrgnlEndToEndId><TxSts>ACCP</TxSts></TxInfAndSts>`;
    const report = pain002(rejected(1, 'AC04') + rejected(2, 'AM04') + settled + underWay, version);
    expect(await read(report)).toEqual([
      { ...attempt, endToEndId: id(1), etat: REJECTED, motifRejet: 'AC04' },
      { ...attempt, endToEndId: id(2), etat: REJECTED, motifRejet: 'AM04' },
      { ...attempt, endToEndId: id(3), etat: COLLECTED },
      {
        ...{ ...attempt, endToEndId: id(4), etat: 'TRANSACTION_INFORMATION' },
        motif: 'status ACCP: nothing final',
      },
    ]);
  },
);

test.each([
  ['02', '<Sts>BOOK</Sts>'],
  ['08', '<Sts><Cd>BOOK</Cd></Sts>'],
  ['13', '<Sts><Cd>BOOK</Cd></Sts>'],
])('camt.054.001.%s: what was booked is collected, a return says why', async (version, sts) => {
  const rsn = '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>';
  const entries = entry(1, { sts }) + entry(2, { sts, ind: 'DBIT', rsn });
  expect(await read(camt054(entries, version))).toEqual([
    { ...booked(1), endToEndId: id(1), etat: COLLECTED },
    { ...booked(2), endToEndId: id(2), etat: RETURNED, motifRejet: 'AM04', sens: 'DBIT' },
  ]);
});

test('a reason of the bank’s own is read where there is none of ISO 20022', async () => {
  const own = (text: string) => text.replace(/<Cd>(.*?)<\/Cd><\/Rsn>/, '<Prtry>$1</Prtry></Rsn>');
  expect(await read(pain002(own(rejected(1, 'SL01'))))).toMatchObject([{ motifRejet: 'SL01' }]);
  const rsn = own('<RtrInf><Rsn><Cd>SL02</Cd></Rsn></RtrInf>');
  const returned = camt054(entry(1, { ind: 'DBIT', rsn }));
  expect(await read(returned)).toMatchObject([{ etat: RETURNED, motifRejet: 'SL02' }]);
});

test('one entry does not speak for the next; what is pending is no fact', async () => {
  const entries =
    entry(1, { ind: 'DBIT', more: '<RvslInd>true</RvslInd>' }) +
    entry(2) +
    entry(3, { sts: '<Sts><Cd>PDNG</Cd></Sts>' });
  expect(await said(camt054(entries))).toEqual([
    [id(1), RETURNED, ''],
    [id(2), COLLECTED, ''],
    [id(3), 'TRANSACTION_INFORMATION', ''],
  ]);
});

test('a file or a block is a line of its own where it has more than is listed, or says no count', async () => {
  const group = (sts: string, more = '') =>
    `<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId>${more}<GrpSts>${sts}</GrpSts>
     <StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>`;
  const block = (sts: string, more = '', counts = '') =>
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>${counts}<PmtInfSts>${sts}</PmtInfSts>${more}</OrgnlPmtInfAndSts>`;
  const report = (content: string) =>
    said(pain002('').replace(/<OrgnlPmtInfAndSts>.*<\/OrgnlPmtInfAndSts>/, content));
  const info = 'TRANSACTION_INFORMATION';
  const file = ['file', REJECTED, 'AM05'];
  const ofBlock = ['block', REJECTED, ''];
  expect(await report(group('RJCT'))).toEqual([file]);
  // a block without a reason has that of its file
  expect(await report(group('RJCT') + block('RJCT'))).toEqual([['block', REJECTED, 'AM05'], file]);
  expect(await report(group('PART') + block('RJCT') + block('ACCP'))).toEqual([
    ...[ofBlock, ['block', info, ''], ['file', info, '']],
  ]);
  const culprit = [id(1), REJECTED, 'AC04'];
  const count = (n: number) => `<OrgnlNbOfTxs>${n}</OrgnlNbOfTxs>`;
  expect(await report(block('RJCT', rejected(1, 'AC04'), count(1)))).toEqual([culprit]);
  expect(await report(block('RJCT', rejected(1, 'AC04'), count(4)))).toEqual([culprit, ofBlock]);
  expect(await report(group('RJCT', count(1)) + block('RJCT', rejected(1, 'AC04'), count(1)))).toEqual([
    culprit,
  ]);
  const silent = `<TxInfAndSts><OrgnlEndToEndId>${id(1)}</OrgnlEndToEndId></TxInfAndSts>`;
  const noStatus = block('RJCT', silent).replace('<PmtInfSts>RJCT</PmtInfSts>', '');
  expect(await report(group('RJCT', count(1)) + noStatus)).toEqual([[id(1), REJECTED, 'AM05']]);
  expect(await report(block('PART', silent, count(1)))).toEqual([[id(1), info, '']]);
});

test('an amount is read in cents', async () => {
  const amount = async (text: string) =>
    (await read(camt054(entry(1).replace('<TxDtls>', `<TxDtls><Amt Ccy="EUR">${text}</Amt>`))))[0]!;
  expect((await amount('750.00')).montant).toBe(75_000n);
  expect(await amount('750.005')).toMatchObject({
    ...{ montant: 75_000n, etat: 'TRANSACTION_INDETERMINEE', motif: '"750.005" is no amount in cents' },
  });
  const original = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">12.34</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>';
  const [told] = await read(pain002(rejected(1, 'AC04').replace('</TxInfAndSts>', original)));
  expect(told!.montant).toBe(1_234n);
});

test('what bears no date is of when the report was made', async () => {
  const settled = (more = '') =>
    `<TxInfAndSts><OrgnlEndToEndId>${id(1)}</OrgnlEndToEndId><TxSts>ACSC</TxSts>${more}</TxInfAndSts>`;
  const dates = async (content: string) => {
    const made = pain002(content).replace('<MsgId>R1', '<CreDtTm>2026-03-11T08:00:00Z</CreDtTm><MsgId>R1');
    return (await read(made)).map(({ survenuAt }) => survenuAt);
  };
  const own = settled('<AccptncDtTm>2026-03-10T08:00:00Z</AccptncDtTm>');
  expect(await dates(settled() + own + rejected(2, 'AC04'))).toEqual([
    new Date('2026-03-11T08:00:00Z'),
    new Date('2026-03-10T08:00:00Z'),
    new Date('2026-03-11T08:00:00Z'),
  ]);
});

test('a date that no bank can mean is none', async () => {
  const ahead = new Date(Date.now() + 90 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  for (const date of ['0202-03-10', '1899-12-31', '2200-01-01', ahead]) {
    expect((await read(camt054(entry(1).replace('2026-03-10', date))))[0]!.survenuAt).toBeUndefined();
  }
});

test('an entry’s own reference, elements of other namespaces, CDATA', async () => {
  const more = '<AcctSvcrRef>B-1</AcctSvcrRef>';
  const foreign = '<x:Refs xmlns:x="urn:x"><EndToEndId>other</EndToEndId></x:Refs>';
  const cdata = entry(1, { more, rsn: foreign }).replace(id(1), `<![CDATA[${id(1)}]]>`);
  expect(await read(camt054(cdata))).toMatchObject([{ endToEndId: id(1), reference: 'B-1' }]);
});

test('of what is not about direct debits nothing is kept that is about other people', async () => {
  const transfer = entry(1)
    .replace(id(1), 'LOYER-DUPONT')
    .replace('<NtryDtls>', '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd></Fmly></Domn></BkTxCd><NtryDtls>');
  expect(await read(camt054(transfer))).toEqual([
    { ...booked(1), etat: 'TRANSACTION_AUTRE', motif: 'not about direct debits' },
  ]);
});

test('an entry of thousands of batches is read in little memory', async () => {
  const batches = '<NtryDtls><Btch><PmtInfId>P</PmtInfId><NbOfTxs>1</NbOfTxs></Btch></NtryDtls>'.repeat(
    2_000,
  );
  const report = camt054(entry(1).replace(/<NtryDtls>.*<\/NtryDtls>/s, batches));
  // and the rest of the amount
  expect(await read(report, 64 * 1024)).toHaveLength(2_001);
});

test('the line on which a transaction ends is known', async () => {
  const lines = [];
  for await (const some of readReport([Buffer.from(pain002('\n' + rejected(1, 'AC04')))]))
    lines.push(...some);
  expect(lines.map(({ ligne }) => ligne)).toEqual([5]);
});

const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

test.each<[string, string | Buffer, RegExp]>([
  ['nothing', '', /^line 1: .*root/],
  ['no XML', 'date;montant\n1;2', /^line \d: text data outside/],
  ['no text', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00]), /^line 1: disallowed character/],
  [
    'another message',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"/>',
    /^line 1: .*pain\.008/,
  ],
  ['another version', camt054(entry(1), '14'), /^line 1: .*camt\.054\.001\.14.*understood/],
  ['no namespace', '<Document/>', /^line 1: no namespace/],
  ['another root', camt054(entry(1)).replaceAll('Document', 'Documents'), /^line 1: .*Documents/],
  [
    'another content',
    pain002('').replaceAll('CstmrPmtStsRpt', 'Other'),
    /^line 2: Other within the document/,
  ],
  ['a file cut in half', pain002(rejected(1, 'AC04')).slice(0, -60), /^line \d+: .*unclosed/],
  ['two documents', camt054(entry(1)).repeat(2), /^line \d+: /],
  [
    'an external entity',
    `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${camt054('&e;')}`,
    /^line 1: a document type/,
  ],
  [
    'a document type elsewhere',
    `<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">${camt054('')}`,
    /document type/,
  ],
  [
    'a billion laughs',
    `<!DOCTYPE l [<!ENTITY l0 "lol">${lol}]>${camt054('&l9;')}`,
    /^line 1: a document type/,
  ],
  ['an undefined entity', pain002('&lol;'), /^line 3: undefined entity/],
  ['another encoding than it says', Buffer.from(pain002('<X>é</X>'), 'latin1'), /^line 3: not UTF-8/],
  ['an unfinished character', Buffer.concat([Buffer.from(camt054('')), Buffer.from([0xc3])]), /not UTF-8/],
  ['UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(camt054(''))]), /^line 1: UTF-16/],
  ['UTF-16 without', utf16(camt054('')), /^line 1: UTF-16/],
  [
    'UTF-16 that it only says',
    `<?xml version="1.0" encoding="UTF-16"?>${camt054('')}`,
    /^line 1: encoding UTF-16/,
  ],
  ['what is nested without end', pain002('<X>'.repeat(1_000)), /^line 3: .*nested/],
  ['attributes without end', camt054(`<X ${'a="" b="" '.repeat(100)}/>`), /^line 2: /],
])('%s is refused, naming the line', async (_, content, why) => {
  const reading = read(content);
  await expect(reading).rejects.toBeInstanceOf(UnreadableReport);
  await expect(reading).rejects.toThrow(why);
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a namespace that JavaScript knows is none that is understood: %s',
  async (uri) => {
    const report = pain002(rejected(1, 'AC04')).replace(/xmlns="[^"]*"/, `xmlns="${uri}"`);
    await expect(read(report)).rejects.toThrow(/^line 2: .*understood/);
  },
);

test('a text is cut between two characters, and what is cut in two of an account is masked', async () => {
  const longId = (text: string) => pain002(rejected(1, 'AC04')).replace(id(1), text);
  const [cut] = await read(longId(`a${'😀'.repeat(300)}`));
  expect(cut!.endToEndId).toMatch(/^a(😀)+$/u);
  const account = 'FR14 2004 1010 0505 0001 3M02 606';
  const [whole] = await read(longId(`${'x'.repeat(MAX_TEXT - 8)}-${account}`));
  expect(maskIbans(whole!.endToEndId, MAX_TEXT)).toBe(`${'x'.repeat(MAX_TEXT - 8)}-FR14 **`);
});

test('blanks before a text are none of it, however many', async () => {
  const amount = `<TxDtls><Amt Ccy="EUR">${' \n'.repeat(2_000)}.50\n</Amt>`;
  const report = camt054(entry(1).replace('750.00', '.50').replace('<TxDtls>', amount));
  expect(await read(report)).toMatchObject([{ montant: 50n, motif: '' }]);
});

const MB_30 = 30 * 1024 * 1024;
const accounts = 'FR14 2004 1010 0505 0001 3M02 606 '.repeat(MB_30 / 34);
const element = (content: string) => camt054(entry(1).replace('<TxDtls>', `<TxDtls>${content}`));
test.each<[string, string, RegExp]>([
  ['namespace', `<Document xmlns="${accounts}"/>`, /^line 1: .*without a tag/],
  [
    'namespace of a million',
    `<Document xmlns="${accounts.slice(0, 1e6)}"/>`,
    /^line 1: (FR14 \*\*\*\* 606 )+/,
  ],
  ['name', `<${accounts.replaceAll(' ', '')}/>`, /^line 1: .*without a tag/],
  [
    'encoding',
    `<?xml version="1.0" encoding="${accounts.replaceAll(' ', '')}"?>${camt054('')}`,
    /^line 1: the XML declaration has no end/,
  ],
  ['attribute', element(`<X a="${accounts}"/>`), /^line 3: .*without a tag/],
  ['text', element(`<X>${accounts}</X>`), /^line 3: .*without a tag/],
  ['text of references', element(`<X>${'&#70;'.repeat(MB_30 / 5)}</X>`), /^line 3: .*without a tag/],
  ['CDATA', element(`<X><![CDATA[${accounts}]]></X>`), /^line 3: .*without a tag/],
  ['comment', element(`<!-- ${accounts} -->`), /^line 3: .*without a tag/],
  ['processing instruction', element(`<?x ${accounts}?>`), /^line 3: .*without a tag/],
  ['undefined entity', element(`&${accounts};`), /^line 3: .*without a tag/],
])('30 MB of accounts in one %s are refused at once', async (_, content, why) => {
  const bytes = Buffer.from(content);
  const refused = await read(bytes, 64 * 1024).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(UnreadableReport);
  expect((refused as Error).message).toMatch(why);
  expect((refused as Error).message).not.toContain('2004');
  expect([...(refused as Error).message].length).toBeLessThanOrEqual(300);
});

test('a million empty elements are read', async () => {
  expect(await read(element('<X/>'.repeat(1_000_000)), 64 * 1024)).toHaveLength(1);
});

test('a file in UTF-8 with a byte order mark, or declared as what is ASCII in it, is read', async () => {
  expect(await read(`\uFEFF${camt054(entry(1))}`)).toHaveLength(1);
  const declared = `<?xml version="1.0" encoding="ISO-8859-15"?>${camt054(entry(1))}`;
  expect(await read(declared)).toHaveLength(1);
});
