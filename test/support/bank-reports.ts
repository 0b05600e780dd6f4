/** EndToEndId of an attempt, as the platform makes it. */
export const endToEndId = (id: string, attempt = 1): string =>
  id.replaceAll('-', '') + String(attempt).padStart(2, '0');

const document = (name: string, content: string): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${name}">\n${content}\n</Document>\n`,
  );

/** A camt.054.001.08 of these entries. */
export const camt054 = (entries: string): Buffer =>
  document('camt.054.001.08', `<BkToCstmrDbtCdtNtfctn><Ntfctn>${entries}</Ntfctn></BkToCstmrDbtCdtNtfctn>`);

/** A pain.002.001.10 of this content. */
export const pain002 = (content: string): Buffer =>
  document('pain.002.001.10', `<CstmrPmtStsRpt>${content}</CstmrPmtStsRpt>`);

type Entry = { id: string; reason?: string; date?: string; more?: string };

/** An entry of a camt.054: a debit that was booked, or, with a reason, its return. */
export const entry = ({ id, reason = '', date = '2026-03-10', more = '' }: Entry): string =>
  `<Ntry><CdtDbtInd>${reason ? 'DBIT' : 'CRDT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${date}</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>${more}${
    reason && `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf>`
  }</TxDtls></NtryDtls></Ntry>\n`;

/** A block of a pain.002 in which these were rejected. */
export const rejections = (ids: string[], reason: string): string =>
  `<OrgnlPmtInfAndSts>${ids
    .map(
      (id) =>
        `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>RJCT</TxSts>` +
        `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf></TxInfAndSts>\n`,
    )
    .join('')}</OrgnlPmtInfAndSts>`;
