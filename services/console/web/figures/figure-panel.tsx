import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { csv, type Cell } from '../ui/csv.ts';
import { saveFile } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** A column of a table of figures: how it is shown, and what the file has. */
export type FigureColumn<Row> = {
  title: string;
  show: (row: Row) => ReactNode;
  file: (row: Row) => Cell;
  isNumber?: boolean;
};

type Props<Row> = {
  title: string;
  /** What the figure is and how it is computed. */
  definition: ReactNode;
  /** The name of the file, without its ending. */
  file: string;
  query: { data: unknown; error: unknown; refetch: () => unknown };
  rows: Row[];
  columns: FigureColumn<Row>[];
  keyOf: (row: Row) => string;
  empty: string;
  /** Above the table. */
  children?: ReactNode;
};

/** A figure: its picture, its table, its definition and its file. */
export function FigurePanel<Row>(props: Props<Row>) {
  const { title, definition, file, query, rows, columns, keyOf, empty, children } = props;
  const m = useMessages();
  const save = () => {
    const content = csv(
      columns.map((column) => column.title),
      rows.map((row) => columns.map((column) => column.file(row))),
    );
    saveFile({ name: `${file}.csv`, type: 'text/csv;charset=utf-8', content: [content] });
  };
  const hasRows = Boolean(query.data) && rows.length > 0;
  return (
    <section className="panel figure" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {hasRows && (
          <Button className="button plain" aria-label={m.chiffres.csvDe(title)} onPress={save}>
            <Icon name="download" />
            {m.chiffres.csv}
          </Button>
        )}
      </header>
      {query.data ? (
        hasRows ? (
          <>
            {children}
            <div className="scroll" role="group" tabIndex={0} aria-label={m.chiffres.tableau(title)}>
              <table className="plain-table">
                <thead>
                  <tr>
                    {columns.map((column) => (
                      <th key={column.title} scope="col" className={column.isNumber ? 'number' : ''}>
                        {column.title}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={keyOf(row)}>
                      {columns.map((column, index) =>
                        index === 0 ? (
                          <th key={column.title} scope="row">
                            {column.show(row)}
                          </th>
                        ) : (
                          <td key={column.title} className={column.isNumber ? 'number' : ''}>
                            {column.show(row)}
                          </td>
                        ),
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        ) : (
          <p className="empty">{empty}</p>
        )
      ) : query.error ? (
        <Failure error={query.error} retry={query.refetch} />
      ) : (
        <Waiting lines={6} />
      )}
      <details>
        <summary>{m.chiffres.definition}</summary>
        <div className="definition">{definition}</div>
      </details>
    </section>
  );
}
