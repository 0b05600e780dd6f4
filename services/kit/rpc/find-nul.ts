/**
 * Finds a text with a NUL character in a message (`plainMessage`): UTF-8 allows it, but PostgreSQL cannot store it.
 * @returns the text's path, `variables.nom`; undefined if there is none
 */
export function findNul(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? path : undefined;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const innerPath = path ? `${path}.${name.replaceAll('\0', '')}` : name;
    const found = name.includes('\0') ? innerPath : findNul(inner, innerPath);
    if (found !== undefined) return found;
  }
  return undefined;
}
