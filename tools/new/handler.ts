import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { create, ScalarType, type DescField, type DescMethod } from '@bufbuild/protobuf';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { descriptors, PORTS, RpcError, validateMessage } from '@crm/kit';
import { definitionOf, eventTypes, workflowTypeOf, type EventType } from '@crm/workflows/events';
import { addImport, addTo, listOf, namesIn, objectAt, parameterOf, valueAt } from './add-to.ts';
import type { Draft } from './draft.ts';
import { camel, isReserved, kebab } from './words.ts';

export type HandlerOptions = { event: string; service: string; rpc?: string };

const TABLE = 'workflows/events.ts';

/** Why a handler with this activity name cannot be created. */
export function handlerFaults(_draft: Draft, activity: string, options: HandlerOptions): string[] {
  const { event, service } = options;
  const faults: string[] = [];
  if (!/^[a-z][A-Za-z0-9]{2,60}$/.test(activity) || isReserved(activity))
    faults.push(`${activity}: a handler is named after what it does, such as "notifyAccountManager"`);
  const taken = eventTypes.filter((eventType) =>
    Object.values(definitionOf(eventType).handlers).some((handler) => handler.activity === activity),
  );
  if (taken.length > 0) faults.push(`${activity} is a handler of ${taken.join()} already`);
  const isEvent = (eventTypes as string[]).includes(event);
  if (!isEvent) faults.push(`--event ${event}: there is no such event; there are ${eventTypes.join(', ')}`);
  if (!(service in PORTS))
    faults.push(`--service ${service}: there is no such service; there are ${Object.keys(PORTS).join(', ')}`);
  else if (isEvent && service in definitionOf(event as EventType).handlers)
    faults.push(
      `${event} has a handler that calls ${service} already: an event has one handler for each service`,
    );
  if (faults.length === 0) {
    const called = calledMethod(options);
    if (typeof called === 'string') faults.push(called);
    else faults.push(...requestOf(called, event as EventType).faults);
  }
  return faults;
}

/**
 * Writes a handler that calls a method of a service, everywhere handlers are listed. Returns the cases to
 * record.
 */
export function writeHandler(draft: Draft, activity: string, options: HandlerOptions): string[] {
  const { service } = options;
  const event = options.event as EventType;
  const method = calledMethod(options) as DescMethod;
  const since = kebab(activity);
  draft.change(TABLE, (text) =>
    addTo(
      text,
      `the handlers of ${event} in ${TABLE}`,
      objectAt(event, 'handlers'),
      `${service}: { activity: '${activity}', since: '${since}' }`,
    ),
  );
  const client = addClient(draft, service, method);
  const file = `workers/handlers/${service}.ts`;
  const name = `${service}Handlers`;
  if (!draft.exists(file)) addFile(draft, file, name, client);
  if (!namesIn(draft.read(file), parameterOf('Services')).includes(client))
    draft.change(file, (text) => addTo(text, `the clients of ${file}`, parameterOf('Services'), client));
  draft.change(file, (text) =>
    addTo(text, `${name} in ${file}`, listOf(name), handlerOf(activity, client, method, event)),
  );
  addToStory(draft, event, service);
  return addReplayStory(draft, event, service);
}

export const handlerNext = (activity: string, { service }: HandlerOptions): string[] => [
  `Write what it does: ${activity} in workers/handlers/${service}.ts. Pass the metadata to every call that has an effect.`,
  `In test/events/stories.ts, the effect of ${service} is read from the database: read it by a call of ${service} instead.`,
  'Try it: npm test -- test/events/every-event test/workflows/events test/replay/replay.test.ts',
];

/** The method to call: the named one, or the service's only Create. A text: why there is none. */
function calledMethod({ service, rpc }: HandlerOptions): DescMethod | string {
  const methods = [...descriptors].flatMap((found) =>
    found.kind === 'service' && found.file.proto.package === service ? found.methods : [],
  );
  const pathOf = (method: DescMethod) => `${method.parent.name}/${method.name}`;
  const unary = methods.filter(({ methodKind }) => methodKind === 'unary');
  const found = unary.filter((method) => (rpc ? pathOf(method) === rpc : method.name === 'Create'));
  if (found.length === 1) return found[0]!;
  const known = unary.map(pathOf).join(', ');
  return rpc
    ? `--rpc ${rpc}: ${service} has no such method; it has ${known}`
    : `--rpc <Service/Method> must say which method it calls: ${known}`;
}

/**
 * The request made from an event: fields with the same name and type; other required texts name the event.
 */
function requestOf(
  method: DescMethod,
  event: EventType,
): { fields: string[]; texts: string[]; faults: string[] } {
  const told = descriptors.getMessage(definitionOf(event).message.$type)!.fields.slice(3);
  const shared = method.input.fields.filter((field) =>
    told.some((other) => other.localName === field.localName && kindOf(other) === kindOf(field)),
  );
  const sample: Record<string, unknown> = Object.fromEntries(
    shared.map((field) => [field.localName, sampleOf(field)]),
  );
  const missing = faultsOf(method, sample).map((fault) => fault.split(':')[0]!);
  const texts = method.input.fields.filter(
    (field) =>
      missing.includes(field.localName) &&
      kindOf(field) === String(ScalarType.STRING) &&
      !(field.localName in sample),
  );
  for (const { localName } of texts) sample[localName] = event;
  const faults = faultsOf(method, sample).map(
    (fault) =>
      `${method.parent.name}/${method.name} needs what ${event} does not have (${fault}): name another method by --rpc`,
  );
  const names = (fields: DescField[]) => fields.map(({ localName }) => localName);
  return { fields: names(shared), texts: names(texts), faults };
}

function faultsOf(method: DescMethod, sample: Record<string, unknown>): string[] {
  try {
    validateMessage(method.input, create(method.input, sample));
    return [];
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return error.message.split('; ');
  }
}

const kindOf = (field: DescField): string =>
  field.fieldKind === 'scalar'
    ? String(field.scalar)
    : (field.message?.typeName ?? `${field.fieldKind} ${field.enum?.typeName}`);

/** A sample value of an event's field. */
function sampleOf(field: DescField): unknown {
  if (field.message?.typeName === 'google.protobuf.Timestamp')
    return create(TimestampSchema, { seconds: BigInt(Math.floor(Date.now() / 1000)) });
  if (field.scalar === ScalarType.INT64) return 100n;
  if (field.scalar !== ScalarType.STRING) return 1;
  return field.localName.startsWith('date') ? '2026-06-01' : 'a-1';
}

function handlerOf(activity: string, client: string, method: DescMethod, event: EventType): string {
  const { fields, texts } = requestOf(method, event);
  const id = descriptors.getMessage(definitionOf(event).message.$type)!.fields[3]!.localName;
  const told = [...new Set([...fields, ...(texts.length > 0 ? [id] : [])])];
  const request = [...fields, ...texts.map((text) => `${text}: \`${event} \${${id}}\``)];
  const call = `${client}.${method.localName}({ ${request.join(', ')} }, { metadata, deadlineMs })`;
  const answersId = method.output.fields.some(({ localName }) => localName === 'id');
  return `async ${activity}({ ${told.join(', ')} }, { metadata, deadlineMs }) {
    ${answersId ? `const { id } = await ${call};\n    return { done: id };` : `await ${call};\n    return { done: '${method.name}' };`}
  }`;
}

/** The name of the workers' client for a method's service. It is added if it is missing. */
function addClient(draft: Draft, service: string, method: DescMethod): string {
  const file = 'workers/clients.ts';
  const definition = `${method.parent.name}Service`;
  const known = namesIn(draft.read(file), listOf('connectServices')).find((name) =>
    valueAt(draft.read(file), 'connectServices', name)?.includes(` ${definition},`),
  );
  if (known) return known;
  const names = namesIn(draft.read(file), listOf('connectServices'));
  const client = names.includes(service) ? camel(method.parent.name.replace(/Service$/, '')) : service;
  draft.change(file, (text) => addImport(text, definition, `@crm/proto/${method.parent.file.name}`));
  draft.change(file, (text) =>
    addTo(
      text,
      `the clients in ${file}`,
      listOf('connectServices'),
      `${client}: call('${service}', ${definition}, token)`,
    ),
  );
  return client;
}

function addFile(draft: Draft, file: string, name: string, client: string): void {
  draft.create(
    file,
    `import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** Handlers of the ${name.replace(/Handlers$/, '')} service. */
export const ${name} = ({ ${client} }: Services) => ({}) satisfies Partial<Handlers>;
`,
  );
  const index = 'workers/handlers/index.ts';
  draft.change(index, (text) => addImport(text, name, `./${file.split('/').at(-1)}`));
  draft.change(index, (text) =>
    addTo(text, `allHandlers in ${index}`, listOf('allHandlers'), `...${name}(services)`),
  );
}

/**
 * Adds the handler's effect to the story of its event: the mark that the called service makes in the
 * transaction of the effect.
 */
function addToStory(draft: Draft, event: EventType, service: string): void {
  const stories = 'test/events/stories.ts';
  const eventId = valueAt(draft.read(stories), event, 'eventId') ?? 'eventId';
  const query = `SELECT 1 FROM events.processed_events WHERE event_id = $1 AND handler = '${service}'`;
  draft.change(stories, (text) =>
    addTo(
      text,
      `effects of ${event} in ${stories}`,
      objectAt(event, 'effects'),
      `${service}: (await stack.sql(\`${query}\`, ${eventId})).length`,
    ),
  );
  draft.change(stories, (text) =>
    addTo(text, `what is expected of ${event} in ${stories}`, objectAt(event, 'expected'), `${service}: 1`),
  );
}

/**
 * Adds a story for the run in which it has its effect: the existing stories show what older runs look like.
 */
function addReplayStory(draft: Draft, event: EventType, service: string): string[] {
  const workflow = workflowTypeOf(event);
  const [allDone, withIt] = [`${workflow}/all-done`, `${workflow}/with-${service}`];
  const folder = 'test/replay/stories';
  const file = readdirSync(join(draft.root, folder)).find((name) => name === `${kebab(workflow)}.ts`);
  const path = `${folder}/${file}`;
  draft.change(path, (text) => {
    const story = / {2}\{\n {4}cases: \[[^\]]*\/all-done'\],[^]*?\n {2}\},\n/.exec(text)?.[0];
    if (!story) throw new Error(`${path} has no story of ${allDone} alone any more, to copy for ${withIt}`);
    return text.replace(story, story + story.replaceAll(allDone, withIt));
  });
  return [withIt];
}
