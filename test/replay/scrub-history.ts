import type { HistoryJson } from '@crm/tools/replay/history-json';

/** Replaces every e-mail address in a scrubbed history. */
export const SOMEBODY = 'personne@example.invalid';

/** Replaces every bank account. */
const ACCOUNT = 'IBAN';

/** Fields of payloads with personal data, and their replacements. Empty ones stay empty. */
const PERSONAL: Record<string, string> = {
  nom: 'Nom',
  prenom: 'Prénom',
  email: SOMEBODY,
  telephone: '+33000000000',
  destinataire: SOMEBODY,
  titulaire: 'Titulaire',
  iban: ACCOUNT,
  ibanMasque: ACCOUNT,
  bic: 'BANQFRPP',
  adresse: 'Adresse',
  // ids of users are what they sign in with: often a name
  gestionnaireId: 'u-1',
  utilisateurId: 'u-1',
  who: 'operateur-1',
  auteur: 'operateur-1',
};
/** A test user, and the name that `invoice-reminder.ts` gives to whoever skips a level: not personal. */
const NOBODY = ['alice', 'opérateur'];
const EMAIL = /[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}/gi;
/** An IBAN (ISO 13616), together or in groups of four. */
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
/** A telephone number as clients have it (E.164). */
const TELEPHONE = /\+[1-9]\d{6,14}\b/g;
/** `1234@host`: the process that did something, and its own task queue. */
const PROCESS = /\b\d+@[\w.-]+/g;

/**
 * Removes personal data from a history, and the names and paths of the machine it was recorded on. Payloads
 * are decoded, scrubbed and encoded again. Ids, times and everything that replay compares stay.
 */
export function scrubHistory(history: HistoryJson): HistoryJson {
  const names = new Map<string, string>();
  collectNames(history, names);
  return scrub(history, names) as HistoryJson;
}

/** The text of a history with decoded payloads, for searching personal data. */
export const historyText = (history: HistoryJson): string => JSON.stringify(decodePayloads(history));

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const isPayload = (value: Json): value is { data: string; metadata: Json } =>
  typeof value.data === 'string' && isObject(value.metadata);
const decode = (data: string) => Buffer.from(data, 'base64').toString('utf8');

/** JSON, or the text itself; undefined for bytes that are not text. */
function read(data: string): unknown {
  const text = decode(data);
  if (Buffer.from(text, 'utf8').toString('base64') !== data) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * The names of people in this history, which are replaced wherever they occur, for example in a failure's
 * message.
 */
function collectNames(value: unknown, names: Map<string, string>): void {
  if (!isObject(value)) return;
  if (isPayload(value)) collectNames(read(value.data), names);
  for (const [key, field] of Object.entries(value)) {
    if (key in PERSONAL && typeof field === 'string' && field) names.set(field, replacement(key, field));
    else collectNames(field, names);
  }
}

const replacement = (key: string, text: string): string => (NOBODY.includes(text) ? text : PERSONAL[key]!);

function scrub(value: unknown, names: Map<string, string>, key = ''): unknown {
  if (typeof value === 'string') return scrubText(value, names, key);
  if (Array.isArray(value)) return value.map((item) => scrub(item, names));
  if (!isObject(value)) return value;
  if (isPayload(value)) return { ...value, data: scrubPayload(value.data, names) };
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, scrub(field, names, name)]));
}

function scrubText(text: string, names: Map<string, string>, key: string): string {
  if (key === 'stackTrace') return '';
  if (key === 'identity') return 'worker@host';
  if (key in PERSONAL) return text && replacement(key, text);
  let scrubbed = text;
  for (const [name, invented] of names) scrubbed = scrubbed.replaceAll(name, invented);
  return scrubbed
    .replace(PROCESS, 'worker@host')
    .replace(EMAIL, SOMEBODY)
    .replace(IBAN, ACCOUNT)
    .replace(TELEPHONE, PERSONAL.telephone!);
}

function scrubPayload(data: string, names: Map<string, string>): string {
  const content = read(data);
  if (content === undefined) return data;
  const scrubbed = scrub(content, names);
  const text =
    typeof content === 'string' && !decode(data).startsWith('"')
      ? String(scrubbed)
      : JSON.stringify(scrubbed);
  return Buffer.from(text).toString('base64');
}

function decodePayloads(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodePayloads);
  if (!isObject(value)) return value;
  if (isPayload(value)) return { ...value, data: decodePayloads(read(value.data)) };
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, decodePayloads(field)]));
}
