/** The parts of JSON that matter here: strings, names (with their colon), and the brackets of objects. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;

/**
 * The first name that an object of a JSON text has twice, at any depth; undefined if there is none.
 * JSON.parse keeps the last value and other parsers the first, so two readers of a token could see two
 * callers (RFC 7519, section 4, requires unique names). Node 20 has no parser that reports it.
 * @param json text that JSON.parse accepts
 */
export function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (string !== undefined && colon !== undefined) {
      // Parsed, because "\u0073ub" and "sub" are the same name.
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
