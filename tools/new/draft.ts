import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Files to create and change in a folder, kept back until all of them are known. */
export class Draft {
  readonly root: string;
  readonly #texts = new Map<string, string>();

  constructor(root: string) {
    this.root = root;
  }

  exists(path: string): boolean {
    return this.#texts.has(path) || existsSync(join(this.root, path));
  }

  read(path: string): string {
    return this.#texts.get(path) ?? readFileSync(join(this.root, path), 'utf8');
  }

  /** Adds a new file. Throws if it exists. */
  create(path: string, text: string): void {
    if (this.exists(path)) throw new Error(`${path} is there already`);
    this.#texts.set(path, text);
  }

  change(path: string, change: (text: string) => string): void {
    this.#texts.set(path, change(this.read(path)));
  }

  /**
   * Inserts lines after the last matching line. Throws if there is none, because the file is not as expected.
   */
  insertAfter(path: string, line: RegExp, text: string): void {
    this.change(path, (before) => {
      const lines = before.split('\n');
      const last = lines.findLastIndex((candidate) => line.test(candidate));
      if (last < 0) throw new Error(`${path} has no line ${line} any more, after which to write:\n${text}`);
      return lines.toSpliced(last + 1, 0, text).join('\n');
    });
  }

  /** Lists the files, new ones first: `new     proto/…`, `changed docker/…`. */
  list(): string[] {
    const isThere = (path: string) => existsSync(join(this.root, path));
    const lines = [...this.#texts.keys()].map((path) => `${isThere(path) ? 'changed' : 'new    '} ${path}`);
    return lines.sort((a, b) => b.localeCompare(a));
  }

  /** Writes everything, formatted as the project is. Returns the written files. */
  async write(): Promise<string[]> {
    const formatted = new Map<string, string>();
    for (const [path, text] of this.#texts) formatted.set(path, await this.#format(path, text));
    const written = this.list();
    for (const [path, text] of formatted) {
      const file = join(this.root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const protos = [...formatted.keys()].filter((path) => path.endsWith('.proto'));
    const buf = join(this.root, 'node_modules/.bin/buf');
    for (const path of protos) execFileSync(buf, ['format', '-w', path], { cwd: this.root });
    return written;
  }

  async #format(path: string, text: string): Promise<string> {
    if (!/\.(tsx?|md|json|ya?ml)$/.test(path) || path === 'package-lock.json') return text;
    const filepath = join(this.root, path);
    return await format(text, { ...(await resolveConfig(filepath)), filepath });
  }
}
