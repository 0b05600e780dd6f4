import type { ConfigSpec } from '@crm/kit';

/** What a group of variables is for, and the variables. */
export type EnvGroup = { title: string; spec: ConfigSpec };

/** Variables that are read outside of the typed configuration. */
const ELSEWHERE = `# Where another service is found when it is not on 127.0.0.1 at its usual port; one variable a service.
# CALENDAR_ADDRESS=calendar:50068

# Where spans are sent, OTLP over HTTP. None: no spans are sent.
# OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
`;

/** Why a service has no NATS_URL. */
export const NATS_NOT_HERE = `# NATS_URL is not read here. A service writes its events into the outbox, in the transaction of the change; the
# relay and the bridge, which are told NATS_URL, take them from there (workers/.env.example).
`;

/**
 * The text of a `.env.example`: every variable of the groups with its description; required ones are to be
 * filled in, the others are commented out with their default. A variable of two groups appears in the last
 * one.
 * @param title what reads the file, for its first line
 * @param note comment lines for the end
 */
export function envExample(title: string, groups: EnvGroup[], note = ''): string {
  const told = groups.map(({ title: heading, spec }, index) => {
    const later = groups.slice(index + 1).flatMap((group) => Object.keys(group.spec));
    const variables = Object.entries(spec).filter(([name]) => !later.includes(name));
    return [
      `${rule}\n${wrapped(heading)}`,
      ...variables.map(([name, validator]) => variable(name, validator)),
    ].join('\n\n');
  });
  const head = `# ${title}\n# Printed from the typed configuration by npm run docs: do not edit, copy it to .env.\n`;
  return [head, ...told.map((text) => `${text}\n`), ELSEWHERE, ...(note ? [note] : [])].join('\n');
}

const rule = `# ${'-'.repeat(108)}`;

function variable(name: string, { desc = '', choices, example, ...rest }: ConfigSpec[string]): string {
  const required = !('default' in rest);
  const sentences = [desc, choices ? `One of: ${choices.join(', ')}` : '', required ? 'Required' : ''];
  const comment = sentences.map((sentence) => sentence.replace(/(?<![.?!]|^)$/, '.')).filter(Boolean);
  const value = scalar(rest.default) ?? example ?? '';
  const line = required ? `${name}=${example ?? ''}` : `# ${name}=${value}`;
  return `${wrapped(comment.join(' '))}\n${line}`;
}

/** A default as the environment writes it. A structured setting has an `example` instead. */
const scalar = (value: unknown): string | undefined =>
  ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;

/** Comment lines of 110 characters at most. */
function wrapped(text: string): string {
  const lines = text.match(/\S.{0,107}(?=\s|$)/g) ?? [];
  return lines.map((line) => `# ${line}`).join('\n');
}
