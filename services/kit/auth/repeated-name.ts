/** Strings, names (with their colon), and what opens and closes objects; nothing else of JSON matters here. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}]/g;

/**
 * The first name that an object of the JSON text has twice, at any depth, or undefined. JSON.parse keeps the
 * last of two values and other parsers the first, so that two readers of one token see two callers (RFC 7519,
 * section 4, wants the names unique). Node 20 has no parser that reports it.
 * @param json text that JSON.parse accepts
 */
export function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of json.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (string !== undefined && colon !== undefined) {
      // Parsed, because "\u0073ub" and "sub" are one name.
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
