import { execFile, execFileSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** An instruction: its keyword, such as `RUN`, and its text. */
export type Instruction = { keyword: string; text: string };

/** A built image: the folder of its files, and how its process is started. */
export type Image = {
  root: string;
  env: Record<string, string>;
  user: string | undefined;
  workdir: string;
  /** ENTRYPOINT. */
  entrypoint: string[];
  /** CMD. */
  command: string[];
};

export type BuildOptions = {
  /** The build context, filtered by `.dockerignore`. */
  context: string;
  /** An empty folder. Stages are built in it under the same path, as in containers. */
  scratch: string;
  /** Replaces an instruction and returns true; false: the instruction is run as written. */
  instead?: (instruction: Instruction, workdir: string) => boolean;
};

export function readDockerfile(file: string): Instruction[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => {
      const [keyword, ...rest] = line.split(' ');
      return { keyword: keyword!, text: rest.join(' ') };
    });
}

/**
 * Builds a Dockerfile without Docker: its instructions run on this machine, with the container's paths below
 * a folder. It supports what our file uses and throws for everything else. FROM copies nothing: this machine
 * is the base image.
 */
export async function buildImage(instructions: Instruction[], options: BuildOptions): Promise<Image> {
  const { scratch, instead = () => false } = options;
  const context = join(scratch, 'context');
  copyContext(options.context, context);
  const mounted = join(scratch, 'root');
  const stages: Record<string, string> = {};
  let image: Image | undefined;
  let stage = '';
  const inside = (path: string) => join(mounted, resolve(image!.workdir, path));
  const steps: Record<string, (text: string, instruction: Instruction) => Promise<void> | void> = {
    ARG: () => {},
    FROM(text) {
      if (stage) renameSync(mounted, (stages[stage] = join(scratch, stage)));
      stage = /\bAS (\w+)$/.exec(text)?.[1] ?? 'last';
      image = { root: mounted, env: {}, user: undefined, workdir: '/', entrypoint: [], command: [] };
      mkdirSync(mounted);
    },
    ENV(text) {
      for (const pair of text.split(' ')) Object.assign(image!.env, Object.fromEntries([pair.split('=')]));
    },
    WORKDIR(text) {
      image!.workdir = text;
      mkdirSync(inside('.'), { recursive: true });
    },
    COPY(text) {
      const [, from, paths] = /^(?:--from=(\w+) )?(.*)$/.exec(text)!;
      const [target, ...sources] = paths!.split(' ').reverse() as [string, ...string[]];
      for (const source of sources) {
        const path = join(from ? stages[from]! : context, source);
        const into =
          target.endsWith('/') && !lstatSync(path).isDirectory() ? join(target, basename(path)) : target;
        copy(path, inside(into));
      }
    },
    async RUN(text, instruction) {
      if (instead(instruction, inside('.'))) return;
      // absolute paths of the container are below its folder here
      const command = text
        .replaceAll(/(?<=\s)\/data\b/g, inside('/data'))
        .replaceAll('node:node', ownerHere());
      await promisify(execFile)('sh', ['-c', command], { cwd: inside('.'), env: { ...process.env } });
    },
    USER(text) {
      image!.user = text;
    },
    ENTRYPOINT(text) {
      image!.entrypoint = JSON.parse(text) as string[];
    },
    CMD(text) {
      image!.command = JSON.parse(text) as string[];
    },
  };
  for (const instruction of instructions) {
    const step = steps[instruction.keyword];
    if (!step) throw new Error(`${instruction.keyword} is not known here`);
    await step(instruction.text, instruction);
  }
  return image!;
}

const ownerHere = (): string => `${process.getuid!()}:${process.getgid!()}`;

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const options = lstatSync(from).isDirectory() ? ['-al', `${from}/.`] : ['-al', from];
  if (lstatSync(from).isDirectory()) mkdirSync(to, { recursive: true });
  execFileSync('cp', [...options, to]); // linked, not copied: it is the same file system, and nobody writes in place
}

function copyContext(from: string, to: string): void {
  const included = contextFilter(readFileSync(join(from, '.dockerignore'), 'utf8').split('\n'));
  const files = readdirSync(from, { withFileTypes: true })
    .filter(({ name }) => !['node_modules', '.git'].includes(name)) // slow to walk, and not included
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(join(from, entry.name), { recursive: true, encoding: 'utf8' }).map((name) =>
            join(entry.name, name),
          )
        : [entry.name],
    )
    .filter((path) => included(path) && lstatSync(join(from, path)).isFile());
  for (const path of files) cpSync(join(from, path), join(to, path));
}

/**
 * Whether `.dockerignore` includes a file: of the patterns that match it or a folder above it, the last
 * decides.
 */
export function contextFilter(patterns: string[]): (path: string) => boolean {
  const rules = patterns
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => ({ out: !line.startsWith('!'), matches: patternOf(line.replace(/^!/, '')) }));
  return (path) => {
    const parts = path.split('/');
    const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return !rules.reduce(
      (out, rule) => (above.some((each) => rule.matches.test(each)) ? rule.out : out),
      false,
    );
  };
}

/** https://docs.docker.com/build/concepts/context/#syntax */
function patternOf(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\*)/)
    .map((part) => ({ '**/': '(?:.*/)?', '*': '[^/]*' })[part] ?? part.replaceAll(/[.\\+?^$()|{}]/g, '\\$&'))
    .join('');
  return new RegExp(`^${source}$`);
}
