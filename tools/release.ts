import { Command } from 'commander';
import { describeError } from './plain-error.ts';
import { release } from './release/release.ts';

const program = new Command('npm run release --')
  .description(
    'Makes a version: what CHANGELOG.md has under Unreleased becomes its notes, package.json says it, and a commit ' +
      'and an annotated tag are made. Nothing is pushed. A version that was made and not tagged is tagged.',
  )
  .argument('<version>', '1.2.3, or which part goes up: major, minor, patch')
  .option('--dry-run', 'says what it would do, and does nothing')
  .parse();

try {
  const { dryRun = false } = program.opts<{ dryRun?: boolean }>();
  console.log(release(process.cwd(), program.args[0]!, dryRun));
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}
