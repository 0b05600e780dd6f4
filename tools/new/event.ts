import { descriptors } from '@crm/kit';
import { eventTypes, workflowTypeOf, type EventType } from '@crm/workflows/events';
import * as workflows from '@crm/workflows';
import { addImport, addTo, listOf } from './add-to.ts';
import type { Draft } from './draft.ts';
import { addReplayStories } from './replay-stories.ts';
import { addSearchAttribute } from './search-attribute.ts';
import { SECRET_WORDS } from './secret-words.ts';
import { camel, isReserved, pascal, snake } from './words.ts';

export type EventOptions = { publisher: string };

const namesOf = (eventType: string) => {
  const [subject = ''] = eventType.split('.');
  const workflow = workflowTypeOf(eventType as EventType);
  return { subject, workflow, message: `${pascal(eventType)}Event`, id: `${camel(subject)}Id` };
};

/** Why an event with this name cannot be created. */
export function eventFaults(draft: Draft, eventType: string, { publisher }: EventOptions): string[] {
  const faults: string[] = [];
  const { subject, workflow, message } = namesOf(eventType);
  if (!/^[a-z][a-z0-9]{1,29}\.[a-z][a-z0-9]{1,29}$/.test(eventType))
    return [
      `${eventType}: an event is named after what it is about and what happened to it, such as "devis.accepted"`,
    ];
  if (SECRET_WORDS.has(subject) || SECRET_WORDS.has(subject.replace(/s$/, '')))
    faults.push(
      `${subject}: events carry no bank details, documents or secrets, nor fields that are named so`,
    );
  if ((eventTypes as string[]).includes(eventType)) faults.push(`${eventType} is an event already`);
  else if (workflow in workflows) faults.push(`${workflow} is a workflow already`);
  if (descriptors.getMessage(`events.${message}`))
    faults.push(`${message} is a message of proto/events already`);
  if (isReserved(workflow)) faults.push(`${workflow} is a word of JavaScript`);
  const [service = '', method = ''] = publisher.split('/');
  if (!descriptors.getService(service)?.methods.some(({ name }) => name === method))
    faults.push(
      `--publisher ${publisher}: the contract has no such method; "contrats.ContratService/Create" is one`,
    );
  return faults;
}

/**
 * Writes an event without handlers, everywhere events are listed. Returns the cases whose histories must be
 * recorded.
 */
export function writeEvent(draft: Draft, eventType: string, { publisher }: EventOptions): string[] {
  const { subject, workflow, message, id } = namesOf(eventType);
  const proto = `proto/events/${snake(subject)}_events.proto`;
  if (draft.exists(proto)) draft.change(proto, (text) => `${text}\n${messageOf(eventType, publisher)}`);
  else draft.create(proto, `${PROTO_HEAD}\n${messageOf(eventType, publisher)}`);
  const table = 'workflows/events.ts';
  const module = `@crm/proto/events/${snake(subject)}_events`;
  draft.change(table, (text) => addImport(text, message, module));
  draft.change(table, (text) =>
    addTo(text, `events in ${table}`, listOf('events'), entryOf(eventType, publisher)),
  );
  // before the workflows that sleep
  draft.insertAfter(
    'workflows/index.ts',
    /^export const \w+ = eventWorkflow\(/,
    `export const ${workflow} = eventWorkflow('${eventType}');`,
  );
  addSearchAttribute(draft, id);
  const stories = 'test/events/stories.ts';
  draft.change(stories, (text) =>
    addTo(text, `the stories in ${stories}`, listOf('eventStories'), storyOf(eventType)),
  );
  draft.change(stories, (text) => addImport(text, 'randomUUID', 'node:crypto'));
  draft.change(stories, (text) => addImport(text, 'publishEvent', '../support/publish-event.ts'));
  draft.change(stories, (text) => addImport(text, 'unique', '../support/unique.ts'));
  addReplayStories(draft, workflow, replayStoriesOf(eventType));
  return [`${workflow}/all-done`];
}

export const eventNext = (eventType: string): string[] => [
  `Add its fields to proto/events/${snake(namesOf(eventType).subject)}_events.proto: ids and amounts, each field with its rule.`,
  `Call emit(tx, '${eventType}', …) in the transaction of the change; then let its story in test/events/stories.ts make that change instead of publishing the event itself.`,
  `Add handlers: npm run new -- handler <activity> --event ${eventType} --service <service>`,
];

const PROTO_HEAD = `syntax = "proto3";

package events;

import "buf/validate/validate.proto";
import "google/protobuf/timestamp.proto";
import "rules/rules.proto";
`;

function messageOf(eventType: string, publisher: string): string {
  const { subject, message } = namesOf(eventType);
  return `// ${eventType} took place (${publisher} committed). Subject crm.events.${eventType}.
message ${message} {
  // UUIDv5 of the event's name and the ${subject}'s id, in lower case. The same fact always has the same id.
  string event_id = 1 [(buf.validate.field).string.pattern = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"];
  // When the change was committed, UTC.
  google.protobuf.Timestamp timestamp = 2 [
    (buf.validate.field).required = true,
    (buf.validate.field).timestamp.(rules.plausible) = true
  ];
  // The same for everything that follows from one call.
  string correlation_id = 3 [(buf.validate.field).string.(rules.reference) = true];
  string ${snake(subject)}_id = 4 [(buf.validate.field).string.(rules.reference) = true];
  string organisation_id = 5 [(buf.validate.field).string.(rules.reference) = true];
}
`;
}

function entryOf(eventType: string, publisher: string): string {
  const { message, id } = namesOf(eventType);
  return `'${eventType}': event({
    message: ${message},
    publishers: ['${publisher}'],
    fact: ({ ${id} }) => [${id}],
    summary: ({ ${id} }) => \`${eventType} \${${id}}\`,
    handlers: {},
  })`;
}

function storyOf(eventType: string): string {
  const { id } = namesOf(eventType);
  return `
    async '${eventType}'() {
      // published to the stream as the relay does, until its publisher emits it
      const message = { ${id}: randomUUID(), organisationId: unique('org') };
      const eventId = await publishEvent(await stack.nats(), '${eventType}', message);
      return { eventId, message, effects: async () => ({}), expected: {} };
    }`;
}

function replayStoriesOf(eventType: string): string {
  const { id, workflow } = namesOf(eventType);
  return `{
    cases: ['${workflow}/all-done'],
    async play({ publishEvent, completed }, keep) {
      const eventId = await publishEvent('${eventType}', { ${id}: randomUUID(), organisationId: unique('org') });
      await completed(eventId);
      await keep('${workflow}/all-done', eventId);
    },
  },`;
}
