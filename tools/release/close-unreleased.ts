const UNRELEASED = /^## \[Unreleased\][^\n]*\n/m;

/** What a changelog tells under the heading of a version, or under `Unreleased`: `undefined` without that heading. */
export function notesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^(?=## \[)/m);
  const section = sections.find((text) => text.startsWith(`## [${version}]`));
  return section?.slice(section.indexOf('\n')).trim();
}

/** A changelog whose unreleased notes are those of a version and its day, `2026-11-28`; nothing is unreleased then. */
export const closeUnreleased = (changelog: string, version: string, day: string): string =>
  changelog.replace(UNRELEASED, (heading) => `${heading}\n## [${version}] – ${day}\n`);
