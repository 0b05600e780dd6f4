import { readReport, UnreadableReport } from './read-report.ts';

const id = (n: number) => `${String(n).padStart(32, '0')}01`;
const read = (xml: string) => readReport(Buffer.from(xml));

const attempt = { of: 'attempt', at: undefined, montant: undefined };

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
  (version) => {
    const settled = `<TxInfAndSts><OrgnlEndToEndId>${id(3)}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>`;
    const underWay = `<TxInfAndSts><OrgnlEndToEndId>${id(4)}</OrgnlEndToEndId><TxSts>ACCP</TxSts></TxInfAndSts>`;
    expect(read(pain002(rejected(1, 'AC04') + rejected(2, 'AM04') + settled + underWay, version))).toEqual([
      { id: id(1), status: 'rejected', reason: 'AC04', ...attempt },
      { id: id(2), status: 'rejected', reason: 'AM04', ...attempt },
      { id: id(3), status: 'collected', reason: '', ...attempt },
    ]);
  },
);

test.each([
  ['02', '<Sts>BOOK</Sts>'],
  ['08', '<Sts><Cd>BOOK</Cd></Sts>'],
])('camt.054.001.%s: what was booked is collected, a return says why', (version, sts) => {
  const rsn = '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>';
  const entries = entry(1, { sts }) + entry(2, { sts, ind: 'DBIT', rsn });
  const at = new Date('2026-03-10');
  expect(read(camt054(entries, version))).toEqual([
    { id: id(1), status: 'collected', reason: '', ...attempt, at },
    { id: id(2), status: 'returned', reason: 'AM04', ...attempt, at },
  ]);
});

test('a reversal is a return; one entry does not speak for the next; what is pending says nothing', () => {
  const entries =
    entry(1, { more: '<RvslInd>true</RvslInd>' }) + entry(2) + entry(3, { sts: '<Sts><Cd>PDNG</Cd></Sts>' });
  expect(read(camt054(entries)).map(({ id: of, status }) => [of, status])).toEqual([
    [id(1), 'returned'],
    [id(2), 'collected'],
  ]);
});

test('a file or a block that is rejected without transactions is told of as a whole', () => {
  const group = (sts: string) =>
    `<OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><GrpSts>${sts}</GrpSts>
     <StsRsnInf><Rsn><Cd>AM05</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>`;
  const block = (sts: string, more = '') =>
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId><PmtInfSts>${sts}</PmtInfSts>${more}</OrgnlPmtInfAndSts>`;
  const report = (content: string) =>
    read(pain002('').replace(/<OrgnlPmtInfAndSts>.*<\/OrgnlPmtInfAndSts>/, content));
  const whole = { status: 'rejected', at: undefined, montant: undefined };
  const file = { ...whole, id: 'M1', of: 'file', reason: 'AM05' };
  const ofBlock = { ...whole, id: 'P1', of: 'block', reason: '' };
  expect(report(group('RJCT'))).toEqual([file]);
  expect(report(group('RJCT') + block('RJCT'))).toEqual([ofBlock, file]);
  expect(report(group('PART') + block('RJCT') + block('ACCP'))).toEqual([ofBlock]);
  expect(report(group('RJCT') + block('RJCT', rejected(1, 'AC04'))).map(({ of }) => of)).toEqual(['attempt']);
});

test('a transaction’s own amount is read in cents, never its entry’s', () => {
  const amount = (text: string) =>
    read(camt054(entry(1).replace('<TxDtls>', `<TxDtls><Amt Ccy="EUR">${text}</Amt>`)))[0]!.montant;
  expect(['750.00', '750', '750.5', '0.01', '750.005'].map(amount)).toEqual([
    75_000n,
    75_000n,
    75_050n,
    1n,
    -1n,
  ]);
  expect(read(camt054(entry(1)))[0]!.montant).toBeUndefined();
  const original = '<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">12.34</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>';
  expect(read(pain002(rejected(1, 'AC04').replace('</TxInfAndSts>', original)))[0]!.montant).toBe(1_234n);
});

test('a date that no bank can mean is none', () => {
  const ahead = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  for (const date of ['0202-03-10', '1899-12-31', '2200-01-01', ahead]) {
    expect(read(camt054(entry(1).replace('2026-03-10', date)))[0]!.at).toBeUndefined();
  }
});

test.each<[string, string | Buffer, RegExp]>([
  ['nothing', '', /^line 1: .*root/],
  ['no XML', 'date;montant\n1;2', /^line 2: text data outside/],
  [
    'another message',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"/>',
    /pain\.008.*understood/,
  ],
  ['a file cut in half', pain002(rejected(1, 'AC04')).slice(0, -60), /^line \d+: .*unclosed/],
  [
    'an external entity',
    `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${camt054('&e;')}`,
    /document type/,
  ],
  ['an undefined entity', pain002('&lol;'), /undefined entity/],
  ['another encoding', Buffer.from(pain002('<X>é</X>'), 'latin1'), /not UTF-8/],
])('%s is refused, naming the line', (_, content, why) => {
  const reading = () => readReport(Buffer.from(content as string));
  expect(reading).toThrow(UnreadableReport);
  expect(reading).toThrow(why);
});
