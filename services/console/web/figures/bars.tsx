import { scaleBand, scaleLinear } from '@visx/scale';
import { Bar } from '@visx/shape';

/** A bar of several parts, one above the other, and between which values its height lies. */
type BarOf = { name: string; parts: number[]; low?: number; high?: number };

type Props = {
  /** What the picture shows, for who cannot see it; the table below has the values. */
  label: string;
  bars: BarOf[];
  /** The names of the parts. */
  parts: string[];
  /** Parts side by side instead of one above the other. */
  isGrouped?: boolean;
  format: (value: number) => string;
};

const SIZE = { width: 720, height: 230, left: 64, bottom: 28, top: 10 };

/** Vertical bars, as SVG. */
export function Bars({ label, bars, parts, isGrouped = false, format }: Props) {
  const heights = bars.map(({ parts: values, high = 0 }) =>
    Math.max(high, isGrouped ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0)),
  );
  const x = scaleBand({
    domain: bars.map(({ name }) => name),
    range: [SIZE.left, SIZE.width],
    padding: 0.3,
  });
  const y = scaleLinear({
    domain: [0, Math.max(1, ...heights)],
    range: [SIZE.height - SIZE.bottom, SIZE.top],
    nice: true,
  });
  const band = x.bandwidth();
  // names that would not fit beside each other are left out, never the newest
  const every = Math.ceil(bars.length / 12);
  return (
    <figure className="chart">
      <div className="scroll" role="group" tabIndex={0} aria-label={label}>
        <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label={label}>
          {y.ticks(4).map((tick) => (
            <g key={tick}>
              <line className="rule" x1={SIZE.left} x2={SIZE.width} y1={y(tick)} y2={y(tick)} />
              <text className="tick" x={SIZE.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                {format(tick)}
              </text>
            </g>
          ))}
          {bars.map(({ name, parts: values, low, high }, index) => {
            const left = x(name)!;
            const middle = left + band / 2;
            return (
              <g key={name}>
                {values.map((value, part) => {
                  const below = isGrouped ? 0 : values.slice(0, part).reduce((sum, one) => sum + one, 0);
                  const width = isGrouped ? band / values.length : band;
                  const top = y(below + value);
                  return (
                    <Bar
                      key={part}
                      className={`part part-${part}`}
                      x={isGrouped ? left + part * width : left}
                      y={top}
                      width={width}
                      height={Math.max(0, y(below) - top)}
                    />
                  );
                })}
                {low !== undefined && high !== undefined && (
                  <path className="range" d={`M${middle - 5},${y(high)}h10m-5,0V${y(low)}m-5,0h10`} />
                )}
                {(bars.length - 1 - index) % every === 0 && (
                  <text className="tick" x={middle} y={SIZE.height - 8} textAnchor="middle">
                    {name}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
      {parts.length > 1 && (
        <figcaption>
          {parts.map((part, index) => (
            <span key={part} className={`key key-${index}`}>
              {part}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}
