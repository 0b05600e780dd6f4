import type { WorkflowBundlePath } from '@temporalio/worker';
import { bundleCopies, workflowSources, type Sources } from './copy-workflows.ts';

/** A change of the workflows' sources: in a file, one text is replaced by another. */
export type Edit = { file: string; from: string; to: string };

/** A change, and the workflow that it concerns. */
export type Change = { name: string; workflow: string; edits: Edit[] };

/** The type under which a bundle of changes has the workflow of one of them. */
export const typeOf = ({ workflow, name }: Change): string => `${workflow}__${name}`;

/** One bundle with a copy of the workflows for each change. */
export async function bundleChanged(changes: Change[]): Promise<WorkflowBundlePath> {
  const copies = Object.fromEntries(changes.map((change) => [change.name, changed(change)]));
  const exported = changes
    .filter(({ name, workflow }) => new RegExp(`\\b${workflow}\\b`).test(copies[name]!['index.ts']!))
    .map(
      (change) => `export { ${change.workflow} as ${typeOf(change)} } from './${change.name}/index.ts';\n`,
    );
  return await bundleCopies(copies, exported.join(''));
}

const changed = ({ name, edits }: Change): Sources => applyEdits(name, workflowSources(), edits);

/** @throws if the text to replace is missing or not unique: the change must be adapted to the sources */
export function applyEdits(name: string, sources: Sources, edits: Edit[]): Sources {
  const edited = { ...sources };
  for (const { file, from, to } of edits) {
    const times = (edited[file] ?? '').split(from).length - 1;
    if (times !== 1) throw new Error(`${name}: ${file} has ${times} times: ${from}`);
    edited[file] = edited[file]!.replace(from, () => to);
  }
  return edited;
}
