import { maskIbans } from './mask-ibans.ts';
import { MAX_TEXT, readReport, type ReportedStatus } from './read-report.ts';
import { UnreadableReport } from './unreadable-report.ts';

const id = (n: number) => `${String(n).padStart(32, '0')}01`;
/** In pieces of a few bytes: wherever a file is cut on its way, it says the same. */
async function read(content: string | Buffer, piece = 7): Promise<Omit<ReportedStatus, 'line'>[]> {
  const bytes = Buffer.from(content as string);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const found = [];
  for await (const some of readReport(pieces)) found.push(...some);
  return found.map(({ line, ...status }) => {
    expect(line).toBeGreaterThan(0);
    return status;
  });
}

const attempt = { of: 'attempt', at: undefined, montant: undefined, reference: '' };

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

test.each(['03', '10'])(
  'pain.002.001.%s: rejections with their reasons, settled ones, and nothing else',
  async (version) => {
    const settled = `<TxInfAndSts><OrgnlEndToEndId>${id(3)}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>`;
    const underWay = `<TxInfAndSts><OrgnlEndToEndId>${id(4)}</OrgnlEndToEndId><TxSts>ACCP</TxSts></TxInfAndSts>`;
    expect(
      await read(pain002(rejected(1, 'AC04') + rejected(2, 'AM04') + settled + underWay, version)),
    ).toEqual([
      { id: id(1), status: 'rejected', reason: 'AC04', ...attempt },
      { id: id(2), status: 'rejected', reason: 'AM04', ...attempt },
      { id: id(3), status: 'collected', reason: '', ...attempt },
    ]);
  },
);

test.each([
  ['02', '<Sts>BOOK</Sts>'],
  ['08', '<Sts><Cd>BOOK</Cd></Sts>'],
])('camt.054.001.%s: what was booked is collected, a return says why', async (version, sts) => {
  const rsn = '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>';
  const entries = entry(1, { sts }) + entry(2, { sts, ind: 'DBIT', rsn });
  const at = new Date('2026-03-10');
  expect(await read(camt054(entries, version))).toEqual([
    { id: id(1), status: 'collected', reason: '', ...attempt, at },
    { id: id(2), status: 'returned', reason: 'AM04', ...attempt, at },
  ]);
});

test('a reason of the bank’s own is read where there is none of ISO 20022', async () => {
  const own = (text: string) => text.replace(/<Cd>(.*?)<\/Cd><\/Rsn>/, '<Prtry>$1</Prtry></Rsn>');
  expect(await read(pain002(own(rejected(1, 'SL01'))))).toMatchObject([{ reason: 'SL01' }]);
  const rsn = own('<RtrInf><Rsn><Cd>SL02</Cd></Rsn></RtrInf>');
  expect(await read(camt054(entry(1, { rsn })))).toMatchObject([{ status: 'returned', reason: 'SL02' }]);
});

test('a reversal is a return; one entry does not speak for the next; what is pending says nothing', async () => {
  const entries =
    entry(1, { more: '<RvslInd>true</RvslInd>' }) + entry(2) + entry(3, { sts: '<Sts><Cd>PDNG</Cd></Sts>' });
  expect((await read(camt054(entries))).map(({ id: of, status }) => [of, status])).toEqual([
    [id(1), 'returned'],
    [id(2), 'collected'],
  ]);
});

test('a file or a block that is rejected is told of as a whole, whatever it lists', async () => {
  const group = (sts: string) =>
    `<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><GrpSts>${sts}</GrpSts>
     <StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>`;
  const block = (sts: string, more = '') =>
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId><PmtInfSts>${sts}</PmtInfSts>${more}</OrgnlPmtInfAndSts>`;
  const report = (content: string) =>
    read(pain002('').replace(/<OrgnlPmtInfAndSts>.*<\/OrgnlPmtInfAndSts>/, content));
  const whole = { status: 'rejected', at: undefined, montant: undefined, reference: '' };
  const file = { ...whole, id: 'M1', of: 'file', reason: 'AM05' };
  const ofBlock = { ...whole, id: 'P1', of: 'block', reason: '' };
  expect(await report(group('RJCT'))).toEqual([file]);
  expect(await report(group('RJCT') + block('RJCT'))).toEqual([ofBlock, file]);
  expect(await report(group('PART') + block('RJCT') + block('ACCP'))).toEqual([ofBlock]);
  const culprit = { id: id(1), status: 'rejected', reason: 'AC04', ...attempt };
  const both = await report(group('RJCT') + block('RJCT', rejected(1, 'AC04')));
  expect(both).toEqual([culprit, ofBlock, file]);
  expect(await report(group('PART') + block('RJCT', rejected(1, 'AC04')))).toEqual([culprit, ofBlock]);
  expect(await report(group('PART') + block('PART', rejected(1, 'AC04')))).toEqual([culprit]);
  const silent = `<TxInfAndSts><OrgnlEndToEndId>${id(1)}</OrgnlEndToEndId></TxInfAndSts>`;
  const noStatus = block('RJCT', silent).replace('<PmtInfSts>RJCT</PmtInfSts>', '');
  const inherited = { ...culprit, reason: 'AM05' };
  expect(await report(group('RJCT') + noStatus)).toEqual([inherited, file]);
  expect(await report(group('PART') + block('RJCT', silent))).toEqual([{ ...culprit, reason: '' }, ofBlock]);
  expect(await report(group('PART') + block('PART', silent))).toEqual([]);
  expect(await report(group('RJCT') + block('PART', silent))).toEqual([file]);
});

test('a transaction’s own amount is read in cents, never its entry’s', async () => {
  const amount = async (text: string) =>
    (await read(camt054(entry(1).replace('<TxDtls>', `<TxDtls><Amt Ccy="EUR">${text}</Amt>`))))[0]!.montant;
  expect(await Promise.all(['750.00', '750', '750.5', '0.01', '750.005'].map(amount))).toEqual([
    75_000n,
    75_000n,
    75_050n,
    1n,
    -1n,
  ]);
  expect((await read(camt054(entry(1))))[0]!.montant).toBeUndefined();
  const original = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">12.34</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>';
  const [told] = await read(pain002(rejected(1, 'AC04').replace('</TxInfAndSts>', original)));
  expect(told!.montant).toBe(1_234n);
});

test('what bears no date is of when the report was made', async () => {
  const settled = (more = '') =>
    `<TxInfAndSts><OrgnlEndToEndId>${id(1)}</OrgnlEndToEndId><TxSts>ACSC</TxSts>${more}</TxInfAndSts>`;
  const dates = async (content: string) => {
    const made = pain002(content).replace('<MsgId>R1', '<CreDtTm>2026-03-11T08:00:00Z</CreDtTm><MsgId>R1');
    return (await read(made)).map(({ at }) => at);
  };
  const own = settled('<AccptncDtTm>2026-03-10T08:00:00Z</AccptncDtTm>');
  expect(await dates(settled() + own + rejected(2, 'AC04'))).toEqual([
    new Date('2026-03-11T08:00:00Z'),
    new Date('2026-03-10T08:00:00Z'),
    new Date('2026-03-11T08:00:00Z'),
  ]);
});

test('a date that no bank can mean is none', async () => {
  const ahead = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  for (const date of ['0202-03-10', '1899-12-31', '2200-01-01', ahead]) {
    expect((await read(camt054(entry(1).replace('2026-03-10', date))))[0]!.at).toBeUndefined();
  }
});

test('an entry’s own reference, elements of other namespaces, CDATA', async () => {
  const more = '<AcctSvcrRef>B-1</AcctSvcrRef>';
  const foreign = '<x:Refs xmlns:x="urn:x"><EndToEndId>other</EndToEndId></x:Refs>';
  const cdata = entry(1, { more, rsn: foreign }).replace(id(1), `<![CDATA[${id(1)}]]>`);
  expect(await read(camt054(cdata))).toMatchObject([{ id: id(1), reference: 'B-1' }]);
});

test('the line on which a transaction ends is known', async () => {
  const lines = [];
  for await (const some of readReport([Buffer.from(pain002('\n' + rejected(1, 'AC04')))]))
    lines.push(...some);
  expect(lines.map(({ line }) => line)).toEqual([5]);
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
  ['another version', camt054(entry(1), '12'), /^line 1: .*camt\.054\.001\.12.*understood/],
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
  expect(cut!.id).toMatch(/^a(😀)+$/u);
  const account = 'FR14 2004 1010 0505 0001 3M02 606';
  const [whole] = await read(longId(`${'x'.repeat(MAX_TEXT - 8)}-${account}`));
  expect(maskIbans(whole!.id, MAX_TEXT)).toBe(`${'x'.repeat(MAX_TEXT - 8)}-FR14 **`);
});

test('blanks before a text are none of it, however many', async () => {
  const amount = `<TxDtls><Amt Ccy="EUR">${' \n'.repeat(2_000)}.50\n</Amt>`;
  expect(await read(camt054(entry(1).replace('<TxDtls>', amount)))).toMatchObject([{ montant: 50n }]);
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
  const started = process.cpuUsage();
  const refused = await read(bytes, 64 * 1024).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(UnreadableReport);
  expect((refused as Error).message).toMatch(why);
  expect((refused as Error).message).not.toContain('2004');
  expect([...(refused as Error).message].length).toBeLessThanOrEqual(300);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(3_000);
});

test('a million empty elements are read', async () => {
  const started = process.cpuUsage();
  expect(await read(element('<X/>'.repeat(1_000_000)), 64 * 1024)).toHaveLength(1);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(10_000);
});

test('a file in UTF-8 with a byte order mark, or declared as what is ASCII in it, is read', async () => {
  expect(await read(`\uFEFF${camt054(entry(1))}`)).toHaveLength(1);
  const declared = `<?xml version="1.0" encoding="ISO-8859-15"?>${camt054(entry(1))}`;
  expect(await read(declared)).toHaveLength(1);
});
