import '../style/table.css';
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { useVirtualizer, defaultRangeExtractor } from '@tanstack/react-virtual';
import {
  Fragment,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { Button } from 'react-aria-components';
import { count } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Choice } from './choice.tsx';
import { Failure } from './failure.tsx';
import { Icon } from './icon.tsx';
import { chosenCount, isChosen, NOTHING, toggle, type Selection } from './selection.ts';

/** A column of a table; keep the list outside of the component, or in `useMemo`. */
export type Column<Row> = {
  id: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** The row can be sorted by this value, or, for a table that the server sorts, by this column. */
  sortBy?: ((row: Row) => string | number | bigint) | true;
  /** At first from the largest to the smallest. */
  isLargestFirst?: boolean;
  /** Amounts and numbers stand at the end of their cells. */
  isNumber?: boolean;
  /** In pixels; columns without one share what is left. */
  width?: number;
};

/** By which column, and in which direction. */
export type Sort = { by: string; desc: boolean };

type Props<Row> = {
  /** What the table shows, for screen readers. */
  label: string;
  /** The first one names the row. */
  columns: Column<Row>[];
  rows: Row[];
  idOf: (row: Row) => string;
  /** The name of a row, for its checkbox. */
  nameOf: (row: Row) => string;
  /** Enter, or a click beside links and buttons. */
  open?: (row: Row) => void;
  sort?: Sort | undefined;
  changeSort?: (sort: Sort) => void;
  /** The rows come in the order of `sort`; else they are put into it here, which needs all of them. */
  isSortedByServer?: boolean;
  /** The pages after this one, as `useInfiniteQuery` has them: they are read while somebody scrolls. */
  more?: More;
  /** Rows can be chosen. */
  selection?: {
    chosen: Selection;
    change: (selection: Selection) => void;
    /** How many match the filter; with it, all of them can be chosen. */
    matching?: number;
    /** What can be done with those that are chosen. */
    actions?: ReactNode;
  };
  /** What is said instead of an empty table. */
  empty: ReactNode;
  /** The last line, below the rows that are scrolled: totals, by column. */
  totals?: Record<string, ReactNode>;
};

type More = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: unknown;
  fetchNextPage: () => unknown;
};

const ROW_PX = 41;
/** Rows outside of what is seen that are there already. */
const OVERSCAN = 12;
const PAGE_OF_KEYS = 10;
/** What a column without a width has at least. */
const COLUMN_PX = 160;
const CHECKBOX_PX = 44;
/** The next page is read when so many rows are left. */
const AHEAD = 30;
const CONTROLS = 'a[href], button, input, select, textarea, [tabindex]';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/**
 * A table of as many rows as there are: only those that are seen are in the page. By keyboard: arrows, Home, End and
 * page keys go from row to row, Enter opens one, Space chooses one, Shift with arrows several, Ctrl+A those that are
 * loaded; Tab goes to the controls of the row, and then out of the table. On a phone every row is a card.
 */
export function Table<Row extends object>(props: Props<Row>) {
  const { label, columns, rows, idOf, nameOf, open, sort, changeSort, isSortedByServer = false } = props;
  const { more, selection, empty, totals } = props;
  const m = useMessages();
  const box = useRef<HTMLDivElement>(null);
  const defs = useMemo(() => columns.map(toColumnDef<Row>), [columns]);
  const table = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: idOf,
    manualSorting: isSortedByServer,
    state: { sorting: sort ? [{ id: sort.by, desc: sort.desc }] : [] },
  });
  const shown = table.getRowModel().rows;
  const [activeId, setActiveId] = useState('');
  const active = Math.max(
    0,
    shown.findIndex(({ id }) => id === activeId),
  );
  const isToBeFocused = useRef(false);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => shown[index]?.id ?? index,
    overscan: OVERSCAN,
    // the headings, and the totals, stay above the rows
    scrollPaddingEnd: totals ? 2 * ROW_PX : ROW_PX,
    // the row with the focus stays, wherever it was scrolled to
    rangeExtractor: (range) => [...new Set([active, ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
  });
  const items = virtualizer.getVirtualItems();

  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more?.hasNextPage && !more.isFetchingNextPage && !more.isFetchNextPageError)
      if (lastIndex >= shown.length - AHEAD) void more.fetchNextPage();
  });
  useLayoutEffect(() => {
    const body = box.current?.querySelector('tbody');
    // Tab stops at one row and at what is in it: else nobody would get out of a long table
    for (const control of body?.querySelectorAll<HTMLElement>(CONTROLS) ?? []) {
      const row = control.closest<HTMLElement>('[data-index]');
      if (row) control.tabIndex = Number(row.dataset.index) === active ? 0 : -1;
    }
    if (!isToBeFocused.current) return;
    const row = body?.querySelector<HTMLElement>(`[data-index="${active}"]`);
    if (!row) return;
    isToBeFocused.current = false;
    row.focus();
  });
  const goTo = (index: number) => {
    const inside = Math.min(Math.max(index, 0), shown.length - 1);
    isToBeFocused.current = true;
    setActiveId(shown[inside]!.id);
    virtualizer.scrollToIndex(inside, { align: 'auto' });
    return shown[inside]!.id;
  };
  const change = (ids: string[], isTaken: boolean) =>
    selection?.change(toggle(selection.chosen, ids, isTaken));
  const chosen = selection?.chosen ?? NOTHING;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = event.target as HTMLElement;
    const isRow = at.matches('[data-index]');
    const row = shown[active];
    if (!row || (!isRow && at.matches('input, textarea, select'))) return;
    const steps = STEPS[event.key];
    if (steps !== undefined && !event.ctrlKey && !event.metaKey) {
      const next = goTo(active + steps);
      if (event.shiftKey) change([row.id, next], true);
    } else if (isRow && event.key === 'Enter' && open) open(row.original);
    else if (isRow && event.key === ' ' && selection) change([row.id], !isChosen(chosen, row.id));
    else if (isRow && event.key === 'a' && (event.ctrlKey || event.metaKey) && selection)
      change(
        shown.map(({ id }) => id),
        true,
      );
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent<HTMLElement>, row: Row) => {
    const isControl = (event.target as HTMLElement).closest('a, button, input, label, select, textarea');
    const isReading = (getSelection()?.toString() ?? '') !== '';
    if (open && !isControl && !isReading) open(row);
  };

  if (rows.length === 0 && !more?.hasNextPage) return <div className="empty panel">{empty}</div>;
  const allLoaded = shown.every(({ id }) => isChosen(chosen, id));
  const width = columns.reduce((sum, { width: px = COLUMN_PX }) => sum + px, selection ? CHECKBOX_PX : 0);
  return (
    <div className="table-part">
      {selection && <Chosen {...selection} loaded={shown.length} hasMore={more?.hasNextPage ?? false} />}
      {changeSort && <SortOnPhone columns={columns} sort={sort} changeSort={changeSort} />}
      <div className="table-box" ref={box}>
        <table
          className="table"
          role="grid"
          aria-label={label}
          aria-rowcount={more?.hasNextPage ? -1 : shown.length + 1}
          {...(selection && { 'aria-multiselectable': true })}
          style={{ minWidth: `min(${width}px, var(--table-least))` }}
        >
          <colgroup>
            {selection && <col style={{ width: CHECKBOX_PX }} />}
            {columns.map(({ id, width: px }) => (
              <col key={id} {...(px && { style: { width: px } })} />
            ))}
          </colgroup>
          <thead role="rowgroup">
            <tr role="row" aria-rowindex={1}>
              {selection && (
                <th role="columnheader" scope="col" className="tick">
                  <input
                    type="checkbox"
                    aria-label={m.tableau.choisirAffichees(count(shown.length))}
                    checked={allLoaded}
                    onChange={() =>
                      change(
                        shown.map(({ id }) => id),
                        !allLoaded,
                      )
                    }
                  />
                </th>
              )}
              {columns.map((column) => (
                <Heading key={column.id} column={column} sort={sort} changeSort={changeSort} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" onKeyDown={onKeyDown}>
            {items.map(({ index, start }, place) => {
              const row = shown[index]!;
              const gap = start - (place === 0 ? 0 : items[place - 1]!.end);
              const isTaken = isChosen(chosen, row.id);
              return (
                <Fragment key={row.id}>
                  {gap > 0 && <Gap px={gap} />}
                  <tr
                    role="row"
                    ref={virtualizer.measureElement}
                    data-index={index}
                    aria-rowindex={index + 2}
                    tabIndex={index === active ? 0 : -1}
                    className={`${open ? 'can-open' : ''} ${isTaken && selection ? 'chosen' : ''}`}
                    {...(selection && { 'aria-selected': isTaken })}
                    onFocus={() => row.id !== activeId && setActiveId(row.id)}
                    onClick={(event) => onClick(event, row.original)}
                  >
                    {selection && (
                      <td role="gridcell" className="tick">
                        <input
                          type="checkbox"
                          aria-label={m.tableau.choisir(nameOf(row.original))}
                          checked={isTaken}
                          onChange={() => change([row.id], !isTaken)}
                        />
                      </td>
                    )}
                    {columns.map((column, at) => (
                      <Cell key={column.id} column={column} isHeader={at === 0}>
                        {column.cell(row.original)}
                      </Cell>
                    ))}
                  </tr>
                </Fragment>
              );
            })}
            <Gap px={virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </tbody>
          {totals && (
            <tfoot role="rowgroup">
              <tr role="row" aria-rowindex={shown.length + 2}>
                {selection && <td role="gridcell" />}
                {columns.map((column, at) => (
                  <Cell key={column.id} column={column} isHeader={at === 0}>
                    {totals[column.id]}
                  </Cell>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
        {more?.isFetchingNextPage && (
          <p className="quiet loading" role="status">
            {m.chargement}
          </p>
        )}
        {more?.isFetchNextPageError && <Failure error={more.error} retry={more.fetchNextPage} />}
      </div>
    </div>
  );
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE_OF_KEYS,
  PageUp: -PAGE_OF_KEYS,
  Home: -Infinity,
  End: Infinity,
};

const collator = new Intl.Collator('fr', { numeric: true, sensitivity: 'base' });

function toColumnDef<Row extends object>({
  id,
  sortBy,
}: Column<Row>): ColumnDef<typeof features, Row, unknown> {
  if (typeof sortBy !== 'function') return { id, accessorFn: () => undefined };
  return {
    id,
    accessorFn: sortBy,
    sortFn: (one, other) => {
      const [a, b] = [sortBy(one.original), sortBy(other.original)];
      if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
      return a < b ? -1 : a > b ? 1 : 0;
    },
  };
}

/** Keeps the place of rows that are not in the page. */
function Gap({ px }: { px: number }) {
  return (
    <tr aria-hidden="true" className="gap">
      <td style={{ height: px }} />
    </tr>
  );
}

type CellProps<Row> = { column: Column<Row>; isHeader: boolean; children: ReactNode };

function Cell<Row>({ column: { isNumber, title }, isHeader, children }: CellProps<Row>) {
  const className = isNumber ? 'number' : '';
  return isHeader ? (
    <th role="rowheader" scope="row" className={className}>
      {children}
    </th>
  ) : (
    // a card says which cell it is
    <td role="gridcell" className={className} data-title={title}>
      {children}
    </td>
  );
}

type SortProps<Row> = {
  sort: Sort | undefined;
  changeSort: ((sort: Sort) => void) | undefined;
  column: Column<Row>;
};

function Heading<Row>({ column, sort, changeSort }: SortProps<Row>) {
  const { id, title, sortBy, isLargestFirst = false, isNumber } = column;
  const isSorted = sort?.by === id;
  const canSort = sortBy !== undefined && changeSort !== undefined;
  return (
    <th
      role="columnheader"
      scope="col"
      className={isNumber ? 'number' : ''}
      {...(canSort && { 'aria-sort': !isSorted ? 'none' : sort.desc ? 'descending' : 'ascending' })}
    >
      {canSort ? (
        <Button
          className={isSorted ? 'sort sorted' : 'sort'}
          onPress={() => changeSort({ by: id, desc: isSorted ? !sort.desc : isLargestFirst })}
        >
          <span>{title}</span>
          <Icon name={isSorted && !sort.desc ? 'up' : 'down'} />
        </Button>
      ) : (
        title
      )}
    </th>
  );
}

/** The headings are not there on a phone. */
function SortOnPhone<Row>({
  columns,
  sort,
  changeSort,
}: { columns: Column<Row>[]; changeSort: (sort: Sort) => void } & Pick<SortProps<Row>, 'sort'>) {
  const m = useMessages();
  const options = columns
    .filter(({ sortBy }) => sortBy !== undefined)
    .flatMap(({ id, title }) => [
      { id: `${id}:asc`, nom: m.tableau.croissant(title) },
      { id: `${id}:desc`, nom: m.tableau.decroissant(title) },
    ]);
  return (
    <div className="sort-on-phone">
      <Choice
        label={m.tableau.trier}
        options={options}
        chosen={sort ? `${sort.by}:${sort.desc ? 'desc' : 'asc'}` : ''}
        choose={(chosen) => {
          const [by = '', direction] = chosen.split(':');
          changeSort({ by, desc: direction === 'desc' });
        }}
      />
    </div>
  );
}

type ChosenProps<Row> = NonNullable<Props<Row>['selection']> & { loaded: number; hasMore: boolean };

/** How many are chosen, and what can be done with them. */
function Chosen<Row>({ chosen, change, matching, actions, loaded, hasMore }: ChosenProps<Row>) {
  const m = useMessages();
  const chosenNow = chosenCount(chosen, matching ?? loaded);
  return (
    <div className="chosen-bar" role="group" aria-label={m.tableau.selection}>
      <p role="status">{m.tableau.choisies(chosenNow, count(chosenNow), chosen.all)}</p>
      {matching !== undefined && (hasMore || matching > loaded) && !chosen.all && chosenNow > 0 && (
        <Button className="button plain" onPress={() => change({ all: true, ids: new Set() })}>
          {m.tableau.choisirToutes(count(matching))}
        </Button>
      )}
      {chosenNow > 0 && (
        <>
          <Button className="button plain" onPress={() => change(NOTHING)}>
            {m.tableau.neRienChoisir}
          </Button>
          {actions}
        </>
      )}
    </div>
  );
}
