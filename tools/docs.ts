import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './data-folder.ts';
import { generate } from './generate.ts';

await generate();
// imported after generating: it imports generated code
const { printedFiles } = await import('./printed-files.ts');
for (const [path, text] of Object.entries(await printedFiles())) writeFileSync(join(ROOT, path), text);
