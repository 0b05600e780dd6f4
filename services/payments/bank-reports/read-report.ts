import { cutText } from '@crm/kit';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { dayReport, notification, statement } from './account-report.ts';
import { ElementTexts } from './element-texts.ts';
import { LONGEST_IBAN } from './mask-ibans.ts';
import type { MakeReader, MessageReader } from './message-reader.ts';
import type { ReportLine } from './report-line.ts';
import { statusReport } from './status-report.ts';
import { UnreadableReport } from './unreadable-report.ts';
import { xmlText } from './xml-text.ts';

/** A line of a report, and its place in the file. */
export type ReadLine = ReportLine & {
  /** The line of the file on which it ends, from 1. */
  ligne: number;
};

type Kind = { content: string; make: MakeReader; versions: [from: number, to: number] };
const KINDS: Record<string, Kind> = {
  'pain.002': { content: 'CstmrPmtStsRpt', make: statusReport, versions: [3, 12] },
  'camt.052': { content: 'BkToCstmrAcctRpt', make: dayReport, versions: [2, 13] },
  'camt.053': { content: 'BkToCstmrStmt', make: statement, versions: [2, 13] },
  'camt.054': { content: 'BkToCstmrDbtCdtNtfctn', make: notification, versions: [2, 13] },
};
const twoDigits = (version: number): string => String(version).padStart(2, '0');

/**
 * The supported messages by namespace. Their versions differ in nothing that is read here, or both variants
 * are read.
 */
const MESSAGES = new Map(
  Object.entries(KINDS).flatMap(([name, kind]) => {
    const [from, to] = kind.versions;
    return Array.from({ length: to - from + 1 }, (_, at): [string, Kind] => [
      `urn:iso:std:iso:20022:tech:xsd:${name}.001.${twoDigits(from + at)}`,
      kind,
    ]);
  }),
);
const NOT_UNDERSTOOD = `none of ${Object.entries(KINDS)
  .map(([name, { versions }]) => `${name}.001.${versions.map(twoDigits).join(' to ')}`)
  .join(', ')}, which are understood`;

/** Longer texts are cut. They are masked first, so that no half of an IBAN is left. */
export const MAX_TEXT = 140;
const MAX_READ = MAX_TEXT + LONGEST_IBAN;
/**
 * The messages nest 12 deep and have one attribute per element. A much deeper file is made to exhaust memory.
 */
const MAX_DEPTH = 40;
const MAX_ATTRIBUTES = 20;
/** The longest name of an element, in characters. */
const MAX_NAME = 100;
const MAX_BETWEEN_TAGS = 1024 * 1024;

/**
 * Reads a payment status report (pain.002) or an account report (camt.052, 053, 054) as its bytes arrive, and
 * yields what it says about money, line by line. XML 1.0 in UTF-8 or a single-byte encoding, without a
 * document type declaration: nothing is expanded or fetched.
 * @throws UnreadableReport naming the line. Lines that were yielded before it must not be applied
 */
export async function* readReport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<ReadLine[]> {
  let told: ReadLine[] = [];
  const parser = new SaxesParser({ xmlns: true });
  const fail = (why: string): never => {
    throw new UnreadableReport(`line ${parser.line}: ${why}`);
  };
  const { end, checkLength } = readMessage(parser, fail, (line) =>
    told.push({ ...line, ligne: parser.line }),
  );
  const decode = xmlText((line, why) => {
    throw new UnreadableReport(`line ${parser.line + line}: ${why}`);
  });
  for await (const chunk of chunks) {
    const piece = decode(chunk);
    parser.write(piece);
    checkLength(piece);
    if (told.length > 0) yield told;
    told = [];
  }
  parser.write(decode());
  parser.close();
  end();
  if (told.length > 0) yield told;
}

/** An element whose texts are being collected. */
type Open = { name: string; depth: number; texts: ElementTexts; wanted: Set<string> };

/**
 * Sets up the parser. Returns what to call at the end, and what to call after each piece: the text between
 * two tags is kept in memory, so its length is limited.
 */
function readMessage(
  parser: SaxesParser<{ xmlns: true }>,
  fail: (why: string) => never,
  say: (line: ReportLine) => void,
) {
  let namespace = '';
  let content = '';
  let reader: MessageReader | undefined;
  const path: string[] = [];
  const around: Open[] = [];
  let [text, devise] = ['', ''];
  let attributes = 0;
  /** The number of characters since the last tag. */
  let sinceTag = 0;

  const begin = (local: string, uri: string) => {
    const found = MESSAGES.get(uri);
    if (!found || local !== 'Document') {
      return fail(`${uri || 'no namespace'}, ${local}: ${NOT_UNDERSTOOD}`);
    }
    [namespace, content, reader] = [uri, found.content, found.make(say)];
  };

  const open = ({ local, uri, attributes: given }: SaxesTagNS) => {
    if (path.length === 0) begin(local, uri);
    else if (path.length === 1 && (local !== content || uri !== namespace)) {
      fail(`${local} within the document: ${NOT_UNDERSTOOD}`);
    }
    if (path.length >= MAX_DEPTH) fail('elements are nested too deeply');
    path.push(uri === namespace && local.length <= MAX_NAME ? local : '');
    attributes = 0;
    sinceTag = 0;
    [text, devise] = ['', given.Ccy?.value.slice(0, 3) ?? ''];
    if (uri !== namespace) return;
    const wanted = reader!.elements.get(local);
    const inner = around.at(-1);
    if (wanted) {
      const texts = new ElementTexts();
      around.push({ name: local, depth: path.length, texts, wanted });
      reader!.open(local, texts);
    } else if (inner && reader!.presence.has(local) && path.length === inner.depth + 1) {
      inner.texts.see(local);
      reader!.see?.(inner.name, local, inner.texts);
    }
  };

  const keep = () => {
    const value = text.trim();
    text = '';
    const inner = around.at(-1);
    if (!value || !inner) return;
    const at = path.slice(inner.depth).join('/');
    if (inner.wanted.has(at) && !inner.texts.add(at, value, devise)) fail('too many of one kind');
  };

  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, '')));
  parser.on('doctype', () => fail('a document type declaration is not accepted'));
  parser.on('attribute', () => void (++attributes > MAX_ATTRIBUTES && fail('too many attributes')));
  parser.on('opentag', open);
  const more = (part: string) => void (text = cutText((text + part).trimStart(), MAX_READ));
  parser.on('text', more);
  parser.on('cdata', more);
  parser.on('closetag', () => {
    keep();
    sinceTag = 0;
    const inner = around.at(-1);
    if (inner?.depth === path.length) {
      around.pop();
      reader!.close(inner.name, inner.texts);
    }
    path.pop();
  });
  return {
    end: () => reader?.end(),
    checkLength(piece: string) {
      sinceTag += piece.length;
      if (sinceTag > MAX_BETWEEN_TAGS) fail('more than a million characters without a tag');
    },
  };
}
