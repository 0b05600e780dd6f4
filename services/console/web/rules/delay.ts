/** Delays and hours as people write them, and as the services have them. */

const UNITS: [RegExp, string][] = [
  [/^(\d{1,4})(?:j|jours?|d|days?)$/, 'D'],
  [/^(\d{1,5})(?:h|heures?|hours?)$/, 'H'],
  [/^(\d{1,6})(?:min|mn|minutes?)$/, 'M'],
  [/^(\d{1,8})(?:s|secondes?|seconds?)$/, 'S'],
];
const ORDER = 'DHMS';

/**
 * The ISO 8601 duration of a delay: "15" and "J+15" are days, "20 j 10 h" is both.
 * @returns undefined: it is none
 */
export function readDelay(written: string): string | undefined {
  const text = written
    .trim()
    .toLowerCase()
    .replace(/^[jd]\s*\+\s*/, '');
  if (/^\d{1,4}$/.test(text)) return `P${Number(text)}D`;
  const parts = text.replace(/\b(et|and)\b/g, ' ').match(/\d+\s*[a-z]+/g);
  if (!parts || parts.join('').replace(/\s/g, '') !== text.replace(/\b(et|and)\b|\s/g, '')) return undefined;
  const found = parts.map((part) => {
    const plain = part.replace(/\s/g, '');
    const unit = UNITS.find(([pattern]) => pattern.test(plain));
    return unit && { count: Number(unit[0].exec(plain)![1]), unit: unit[1] };
  });
  const places = found.map((part) => (part ? ORDER.indexOf(part.unit) : -1));
  const isAscending = places.every(
    (place, index) => place >= 0 && (index === 0 || place > places[index - 1]!),
  );
  if (!isAscending) return undefined;
  const said = (units: string) =>
    found
      .flatMap((part) => (part && units.includes(part.unit) ? [`${part.count}${part.unit}`] : []))
      .join('');
  const time = said('HMS');
  return `P${said('D')}${time && `T${time}`}`;
}

/** How a duration is written in a field: "15 j", "20 j 10 h"; the text itself if it is none. */
export function writtenDelay(iso: string): string {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  if (!found) return iso;
  const names = ['j', 'h', 'min', 's'];
  const said = found
    .slice(1)
    .flatMap((count, index) => (Number(count) > 0 ? [`${Number(count)} ${names[index]!}`] : []));
  return said.join(' ') || '0 j';
}

/** `09:30` for "9h30", "9:30" and "9 h 30"; undefined: it is no hour of a day. */
export function readHour(written: string): string | undefined {
  const found = /^(\d{1,2})(?:\s*[h:]\s*(\d{2})?)?$/.exec(written.trim().toLowerCase());
  if (!found) return undefined;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hours > 24 || minutes > 59 || (hours === 24 && minutes > 0)) return undefined;
  return `${String(hours % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
