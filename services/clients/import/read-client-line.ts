import {
  clientName,
  companyFaults,
  compactNumber,
  readReference,
  readSiren,
  readTelephone,
  readText,
  readYesNo,
  type LineReader,
} from '@crm/domain';
import { messageFaults } from '@crm/kit';
import { CreateAdresseRequest, CreateClientRequest, TypeClient } from '@crm/proto/clients/clients';
import { typeOfNew } from '../client-identity.ts';
import type { Key } from './columns.ts';

/** The columns in which the fields of requests can be, where they have other names. */
const COLUMNS_OF: Record<string, Key[]> = {
  referenceClient: ['reference'],
  nom: ['nom', 'client'],
  raisonSociale: ['raisonSociale', 'client'],
};

/** A client of a file, with its address if it has one. */
export type Imported = { client: CreateClientRequest; adresse: CreateAdresseRequest | undefined };
/** Reads a client. What has a fault is empty. */
export function readClient(reader: LineReader<Key>, organisationId: string): Imported {
  const text = (key: Key) => reader.read(key, readText) ?? '';
  const [nom, named] = [text('nom'), text('client')];
  const siren = reader.read('siren', readSiren) ?? reader.read('siret', readSiren) ?? '';
  const client = CreateClientRequest.fromPartial({
    organisationId,
    // with a contact's name beside it, the client is a company
    raisonSociale: text('raisonSociale') || (nom && named),
    nom: nom || (text('raisonSociale') ? '' : named),
    prenom: text('prenom'),
    email: text('email').replace(/^mailto:/i, ''),
    telephone: reader.read('telephone', readTelephone) ?? '',
    siren,
    numeroTva: compactNumber(reader.read('numeroTva', readReference) ?? ''),
    referenceClient: reader.read('reference', readReference) ?? '',
    sansRelance: reader.read('sansRelance', readYesNo) ?? false,
    sansBienvenue: true,
  });
  client.type = reader.read('type', readType) ?? typeOfNew(client);
  if (!client.nom && !client.raisonSociale) reader.fault(nameColumn(reader), 'vide : il faut un nom');
  for (const { field } of companyFaults(client)) reader.fault(field as Key);
  report(reader, 'clients.CreateClientRequest', CreateClientRequest.encode(client).finish());
  return { client, adresse: readAdresse(reader) };
}

/** The first column of the file for names. */
const nameColumn = (reader: LineReader<Key>): Key =>
  (['raisonSociale', 'client', 'nom'] as const).find((key) => reader.has(key)) ?? 'nom';

function readAdresse(reader: LineReader<Key>): CreateAdresseRequest | undefined {
  // a cell with two lines has the second one where there is no column for it
  const [first = '', ...others] = reader.cell('ligne1').split(/[\r\n]+/);
  const read = (key: Key) => reader.read(key, readText) ?? '';
  const adresse = CreateAdresseRequest.fromPartial({
    clientId: 'a-creer',
    ligne1: (read('ligne1') && valueOf(readText(first))) || read('ligne2'),
    ligne2: [valueOf(readText(others.join(' '))), read('ligne1') ? read('ligne2') : '']
      .filter(Boolean)
      .join(', '),
    ville: read('ville'),
    pays: reader.read('pays', readPays) ?? 'FR',
    codePostal: read('codePostal'),
  });
  if (!adresse.ligne1 && !adresse.codePostal && !adresse.ville) return undefined;
  if (adresse.pays === 'FR' && /^[1-9]\d{3}$/.test(adresse.codePostal)) {
    reader.fault(
      'codePostal',
      `le tableur a ôté le zéro du début : écrivez 0${adresse.codePostal}, colonne au format Texte`,
    );
  }
  if (!adresse.ligne1 || !adresse.codePostal || !adresse.ville) {
    reader.remarks.push('adresse incomplète, non reprise');
    return undefined;
  }
  report(reader, 'clients.CreateAdresseRequest', CreateAdresseRequest.encode(adresse).finish());
  return adresse;
}

const valueOf = (cell: ReturnType<typeof readText>): string => ('value' in cell ? cell.value : '');

/** Checks a request against the rules of its .proto, which say it in English: the columns say it in French. */
function report(reader: LineReader<Key>, message: string, bytes: Uint8Array): void {
  for (const { field } of messageFaults(message, bytes)) {
    const keys = COLUMNS_OF[field] ?? [field as Key];
    const key = keys.find((one) => reader.cell(one));
    if (key) reader.fault(key);
  }
}

function readType(cell: string): { value: TypeClient } | { fault: string } {
  const word = cell.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (/^(part|b2c|personne physique|consommateur|individu)/.test(word))
    return { value: TypeClient.PARTICULIER };
  if (/^(pro|entr|soc|b2b|personne morale|asso|collectivite|administration)/.test(word))
    return { value: TypeClient.PROFESSIONNEL };
  return { fault: 'écrivez particulier ou professionnel' };
}

const NAMES = new Intl.DisplayNames('fr', { type: 'region', fallback: 'none' });
/** The code of today for a code: FR for FX, GB for UK. */
const codeOfToday = (code: string): string => Intl.getCanonicalLocales(`und-${code}`)[0]!.slice(4);
/** ISO codes by the French names of countries. */
const CODES = new Map(
  Array.from({ length: 26 * 26 }, (_, n) => String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26)))
    .filter((code) => code === codeOfToday(code))
    .flatMap((code) => {
      const name = NAMES.of(code);
      return name ? [[plain(name), code] as const] : [];
    }),
);

function readPays(cell: string): { value: string } | { fault: string } {
  const code = /^[A-Za-z]{2}$/.test(cell) ? codeOfToday(cell.toUpperCase()) : CODES.get(plain(cell));
  return code
    ? { value: code }
    : { fault: 'ce pays n’est pas connu : écrivez son nom français ou son code, BE' };
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

/** By what a client is recognised: the reference, else the SIREN, else the address, else the name. */
export function identityOf(client: CreateClientRequest, reader: LineReader<Key>): { key: Key; text: string } {
  if (client.referenceClient) return { key: 'reference', text: client.referenceClient };
  if (client.siren) return { key: 'siren', text: client.siren };
  if (client.email) return { key: 'email', text: client.email };
  return { key: nameColumn(reader), text: clientName(client) };
}
