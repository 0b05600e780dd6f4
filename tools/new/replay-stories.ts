import { addImport, addTo, listOf } from './add-to.ts';
import type { Draft } from './draft.ts';
import { kebab, upper } from './words.ts';

/**
 * Adds a file with a workflow's stories, whose histories are replayed.
 * @param workflow its type, `quoteReminder`
 * @param imports import lines, in addition to those of every story
 * @param stories the content of the array
 */
export function addReplayStories(draft: Draft, workflow: string, stories: string, imports = ''): void {
  const file = kebab(workflow);
  const name = `${upper(workflow)}_STORIES`;
  draft.create(
    `test/replay/stories/${file}.ts`,
    `import { randomUUID } from 'node:crypto';
${imports}import { unique } from '../../support/unique.ts';
import type { Story } from '../stage.ts';

export const ${name}: Story[] = [${stories}];
`,
  );
  const index = 'test/replay/stories.ts';
  draft.change(index, (text) => addImport(text, name, `./stories/${file}.ts`));
  draft.change(index, (text) => addTo(text, `STORIES in ${index}`, listOf('STORIES'), `...${name}`));
}
