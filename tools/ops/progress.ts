/** Shows the progress on a line that the next one overwrites. */
export function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

/** Prints a line in the place of the progress. */
export function say(line: string): void {
  progress('');
  console.log(line);
}
