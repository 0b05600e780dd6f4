import { day } from '../format.ts';
import { daysAfter } from '../paris-day.ts';

type Props = {
  /** What the picture says, for those who do not see it: the table beside it has the numbers. */
  label: string;
  from: string;
  to: string;
  rows: { name: string; className: string; values: ReadonlyMap<string, number> }[];
  /** How a value is written. */
  write: (value: number) => string;
};

const HEIGHT = 64;
const WIDTH = 10;

/** Bars by day, one row for each of two forecasts, on the same scale. */
export function DayBars({ label, from, to, rows, write }: Props) {
  const days: string[] = [];
  for (let at = from; at <= to; at = daysAfter(at, 1)) days.push(at);
  const most = Math.max(1, ...rows.flatMap(({ values }) => [...values.values()]));
  return (
    <figure className="day-bars" role="img" aria-label={label}>
      {rows.map(({ name, className, values }) => (
        <div key={name} className="bars-row" aria-hidden="true">
          <span className="quiet">{name}</span>
          <svg
            viewBox={`0 0 ${days.length * WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className={className}
          >
            <line x1="0" x2={days.length * WIDTH} y1={HEIGHT} y2={HEIGHT} />
            {days.map((one, index) => {
              const height = ((values.get(one) ?? 0) / most) * (HEIGHT - 4);
              return height > 0 ? (
                <rect
                  key={one}
                  x={index * WIDTH + 1}
                  y={HEIGHT - Math.max(height, 1.5)}
                  width={WIDTH - 2}
                  height={Math.max(height, 1.5)}
                >
                  <title>{`${day(one)} : ${write(values.get(one)!)}`}</title>
                </rect>
              ) : null;
            })}
          </svg>
          <span className="quiet most">{write(most)}</span>
        </div>
      ))}
      <div className="bars-days quiet" aria-hidden="true">
        <span>{day(from)}</span>
        <span>{day(days[Math.floor(days.length / 2)]!)}</span>
        <span>{day(to)}</span>
      </div>
    </figure>
  );
}
