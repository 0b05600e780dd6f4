import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { descriptors } from '@crm/kit';
import { MAX_EVENT_BYTES, PATIENT } from '@crm/workflows/event-table';
import { definitionOf, eventTypes, subjectOf, workflowTypeOf, type EventType } from '@crm/workflows/events';

/**
 * The text of `docs/events.md`: all events with messages, publishers and handlers, from the table of events.
 */
export const eventsPage = (): string => [HEAD, diagram(), ...eventTypes.map(section)].join('\n\n');

const HEAD = `<!-- Printed from workflows/events.ts and proto/events/*.proto by \`npm run docs\`: do not edit. -->

# Events

Events are protobuf messages in the JetStream stream \`CRM_EVENTS\`, each kind on its own subject, with \`Nats-Msg-Id\` = \`event_id\`. An event is written to the outbox in the transaction of its change; the relay publishes it, and the bridge starts a workflow with the id \`event_id\`. Events are notifications, not documents: ${MAX_EVENT_BYTES / 1024} KB at most, no bank details, no secrets; the database stays the source of truth.

**Retries.** The first attempt of a handler is immediate. If it fails it is repeated after 1 s, with pauses doubling to 20 s, for the time given as *soon*; then every ten minutes for the time given as *late*, while the search attribute \`LateHandlers\` lists it. A refusal that another attempt would not change is final at once. A handler that has failed for good is listed in \`FailedHandlers\`, and its run waits 14 days for \`redrive\` or \`skip\` (\`docs/runbook.md\`); the other handlers are not affected. A late handler obeys both at once. The key \`<event_id>/<handler>\` makes sure that the called service has each effect once.

**Messages that can never become a workflow** (unreadable bytes, another message, an unknown event, a field that breaks its rule) are stored as dead letters, with the reason: \`npm run ops -- dead-letters --help\`.`;

function diagram(): string {
  const lines = eventTypes.flatMap((eventType, index) => {
    const { publishers, handlers } = definitionOf(eventType);
    const node = `e${index}`;
    return [
      `  ${node}(["${eventType}"])`,
      ...publishers.map((path) => `  ${path.split('.')[0]} -- "${path.split('/')[1]}" --> ${node}`),
      ...Object.entries(handlers).map(
        ([name, { activity }]) => `  ${node} -- "${activity}" --> h_${name}[${name}]`,
      ),
    ];
  });
  return ['```mermaid', 'flowchart LR', ...new Set(lines), '```'].join('\n');
}

function section(eventType: EventType): string {
  const { message, publishers, handlers } = definitionOf(eventType);
  const descriptor = descriptors.getMessage(message.$type)!;
  return `## ${eventType}

${commentOf(descriptor)}

- subject \`${subjectOf(eventType)}\`, message \`${message.$type}\` (\`proto/${descriptor.file.name}.proto\`), workflow \`${workflowTypeOf(eventType)}\`
- published by ${publishers.map((path) => `\`${path}\``).join(', ')}

${table(['no.', 'field', 'type', 'meaning'], descriptor.fields.map(fieldRow))}

${table(
  ['handler', 'activity', 'soon', 'late'],
  Object.entries(handlers).map(([name, { activity, retry = PATIENT }]) => [
    name,
    `\`${activity}\``,
    `${retry.soonMinutes} min`,
    `${retry.lateHours} h`,
  ]),
)}`;
}

const fieldRow = (field: DescField): string[] => [
  String(field.number),
  `\`${field.name}\``,
  `\`${typeOf(field)}\``,
  commentOf(field),
];

/** The type as in the .proto file. */
function typeOf(field: DescField): string {
  if (field.message) return field.message.typeName;
  return field.scalar === undefined ? field.fieldKind : ScalarType[field.scalar].toLowerCase();
}

/** The comment above a message or a field, on one line. */
function commentOf(desc: DescMessage | DescField): string {
  const message = desc.kind === 'message' ? desc : desc.parent;
  const messagePath = [4, message.file.messages.indexOf(message)];
  const path = desc.kind === 'message' ? messagePath : [...messagePath, 2, message.fields.indexOf(desc)];
  const location = message.file.proto.sourceCodeInfo?.location.find(
    (candidate) => candidate.path.join() === path.join(),
  );
  return (location?.leadingComments ?? '').trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
