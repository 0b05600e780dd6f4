import { invalid, readPageToken, writePageToken } from '@crm/kit';
import {
  LigneChronologie,
  type GenreLigne,
  type ListChronologieRequest,
  type ListChronologieResponse,
} from '@crm/proto/chronologie/chronologie';

const DEFAULT_PAGE_SIZE = 50;

/** A line of a table: its id is that of the row, and becomes unique among all tables. */
type Line = Partial<LigneChronologie> & { id: string; instant: Date };

/** What is asked for: the next rows of a table after a place, and one more than the page has. */
export type RowsAfter = {
  /** The condition on the column with the instant, for Prisma. */
  after<K extends string>(instant: K): Record<K, { lte?: Date; lt?: Date }> & { OR?: object[] };
  /** The order by it, and how many. */
  first<K extends string>(instant: K): { orderBy: [Record<K, 'desc'>, { id: 'desc' }]; take: number };
};

/**
 * A table with lines: its own name (part of the ids, at most 12 letters), and how to read it. An index on the client, the
 * instant and the id makes a page as dear as its size, however long the list is. An instant never changes, and is never null
 * where it is read.
 */
export type Table = {
  name: string;
  genre: GenreLigne;
  read(request: ListChronologieRequest, rows: RowsAfter): Promise<Line[]>;
};

/**
 * Lists what happened with a client, of several tables of a service: newest first, by instant, table and id, so that pages
 * neither repeat nor miss a line.
 */
export const chronologie =
  (tables: Table[]) =>
  async (request: ListChronologieRequest): Promise<ListChronologieResponse> => {
    const { genres } = request;
    const asked = tables.filter(({ genre }) => genres.length === 0 || genres.includes(genre));
    const found = await Promise.all(
      asked.map(async ({ name, genre, read }) =>
        (await read(request, rowsAfter(request, name))).map((line) =>
          LigneChronologie.fromPartial({ ...line, genre, id: `${name}_${line.id}` }),
        ),
      ),
    );
    return { ...pageOf(request, found), absents: [] };
  };

/** The first lines of several lists, each in order, as one page. */
export function pageOf(
  { pageSize }: ListChronologieRequest,
  lists: LigneChronologie[][],
): Pick<ListChronologieResponse, 'lignes' | 'nextPageToken'> {
  // lines of one table keep the database's order: only that knows how it compares ids
  const lines = lists.flat().sort((a, b) => timeOf(b) - timeOf(a) || compare(tableOf(a), tableOf(b)));
  const size = pageSize || DEFAULT_PAGE_SIZE;
  const last = lines.length > size ? lines[size - 1] : undefined;
  return {
    lignes: lines.slice(0, size),
    nextPageToken: last ? writePageToken(`${timeOf(last)}_${last.id}`) : '',
  };
}

const timeOf = ({ instant }: LigneChronologie): number => instant!.getTime();
const tableOf = ({ id }: LigneChronologie): string => id.slice(0, id.indexOf('_'));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a table is asked for, after the line that the last page ended with. */
function rowsAfter({ pageSize, pageToken }: ListChronologieRequest, table: string): RowsAfter {
  const place = pageToken ? readPlace(pageToken) : undefined;
  return {
    after(instant) {
      const at = place?.at ?? LATEST;
      if (!place || table > place.table) return { [instant]: { lte: at } } as never;
      if (table < place.table) return { [instant]: { lt: at } } as never;
      return { [instant]: { lte: at }, OR: [{ [instant]: { lt: at } }, { id: { lt: place.id } }] } as never;
    },
    first: (instant) =>
      ({
        orderBy: [{ [instant]: 'desc' }, { id: 'desc' }],
        take: (pageSize || DEFAULT_PAGE_SIZE) + 1,
      }) as never,
  };
}

/** Later than everything: the condition also leaves out rows without an instant. */
const LATEST = new Date('9999-12-31T00:00:00Z');

/** @throws {RpcError} INVALID_ARGUMENT `pageToken` */
function readPlace(token: string): { at: Date; table: string; id: string } {
  const [, at, table, id] = /^(-?\d{1,15})_([A-Za-z]{1,12})_(.+)$/.exec(readPageToken(token)) ?? [];
  if (!id || !table) throw invalid('pageToken', 'must be the next_page_token of an earlier answer');
  return { at: new Date(Number(at)), table, id };
}
