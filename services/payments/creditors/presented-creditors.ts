import type { Db, Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import type { SecretCipher } from '@crm/kit/secrets';

/** The party that receives the money of debits. */
export type Creditor = { name: string; iban: string; bic: string; id: string };

/**
 * The creditor of each organisation, and the sender's name for a file of several creditors. `withSociete`:
 * organisations that must not use the platform's creditor.
 */
export type Creditors = {
  onBehalf: string;
  byOrganisation: Map<string, Creditor>;
  withSociete: Set<string>;
};

/**
 * What reading creditors needs. `creditor` is the platform's, present if its IBAN and identifier are
 * configured.
 */
export type CreditorDeps = { cipher: SecretCipher; creditor: Creditor };

const isComplete = ({ iban, id }: Creditor): boolean => iban !== '' && id !== '';

/**
 * The creditor of each organisation: its own, or else the platform's. An organisation with neither is left
 * out, and so is one with a société but no creditor: its money must not go to another company's account.
 * @param withSociete the result of `organisationsWithSociete`
 */
export async function creditorsOf(
  db: Db | Tx,
  organisationIds: string[],
  { cipher, creditor }: CreditorDeps,
  withSociete: Set<string>,
): Promise<Creditors> {
  const rows = await db.creancier.findMany({ where: { organisationId: { in: organisationIds } } });
  const own = new Map(
    rows.map(({ organisationId, nom: name, ibanChiffre, id, bic, ics }) => [
      organisationId,
      { name, iban: cipher.decrypt(ibanChiffre, id), bic, id: ics },
    ]),
  );
  const byOrganisation = new Map<string, Creditor>();
  for (const organisationId of organisationIds) {
    const isDefaults = isComplete(creditor) && !withSociete.has(organisationId);
    const collects = own.get(organisationId) ?? (isDefaults ? creditor : undefined);
    if (collects) byOrganisation.set(organisationId, collects);
  }
  return { onBehalf: creditor.name, byOrganisation, withSociete };
}

/** @throws FAILED_PRECONDITION CREANCIER naming the organisations without a creditor */
export function checkComplete({ byOrganisation, withSociete }: Creditors, organisationIds: string[]): void {
  const without = organisationIds.filter((id) => !byOrganisation.has(id));
  if (without.length === 0) return;
  const companies = without.filter((id) => withSociete.has(id));
  const others = without.filter((id) => !withSociete.has(id));
  const faults = [
    ...(companies.length
      ? [
          `${companies.join(', ')} has a société of its own and no creditor, and nobody else collects for it: create ` +
            'its creditor (payments.CreancierService/Create)',
        ]
      : []),
    ...(others.length
      ? [
          `nobody collects for ${others.join(', ')}: create its creditor (payments.CreancierService/Create), or set ` +
            'CREANCIER_IBAN and CREANCIER_ICS',
        ]
      : []),
  ];
  throw failedPrecondition('CREANCIER', faults.join('; '));
}

/**
 * The creditors of a file, stored with it so that it can be rendered again after they change. IBANs are
 * encrypted and bound to the file. The sender (InitgPty) is known when the file is closed.
 */
export type Sealed = {
  onBehalf?: string;
  initiator?: string;
  byOrganisation?: Record<string, { name: string; iban: string; bic: string; id: string }>;
};

export const sealCreditors = (
  { onBehalf, byOrganisation }: Creditors,
  fileId: string,
  cipher: SecretCipher,
): Sealed => ({
  onBehalf,
  byOrganisation: Object.fromEntries(
    [...byOrganisation].map(([organisationId, { iban, ...creditor }]) => [
      organisationId,
      { ...creditor, iban: Buffer.from(cipher.encrypt(iban, fileId)).toString('base64') },
    ]),
  ),
});

/** Adds creditors to a file. Those that it has already stay as they are. */
export const addSealed = (stored: unknown, more: Sealed): Sealed => ({
  ...(stored as Sealed),
  byOrganisation: { ...more.byOrganisation, ...(stored as Sealed).byOrganisation },
});

/**
 * Keeps the creditors that have debits in the file. A file of one creditor is sent by that creditor; a file
 * of several is sent on their behalf.
 */
export function onlyOf(stored: unknown, organisationIds: string[]): Sealed {
  const { onBehalf, byOrganisation = {} } = stored as Sealed;
  const creditors = organisationIds.map((id) => [id, byOrganisation[id]!] as const);
  const names = new Set(creditors.map(([, { id, name }]) => `${id} ${name}`));
  const initiator = names.size === 1 ? creditors[0]![1].name : onBehalf;
  return { ...(initiator !== undefined && { initiator }), byOrganisation: Object.fromEntries(creditors) };
}

/** Decrypts a file's creditors. A file from before they were stored has the platform's. */
export function openCreditors(
  stored: unknown,
  fileId: string,
  { cipher, creditor }: CreditorDeps,
): (organisationId: string) => Creditor {
  const { byOrganisation = {} } = stored as Sealed;
  const opened = new Map(
    Object.entries(byOrganisation).map(([organisationId, { iban, ...rest }]) => [
      organisationId,
      { ...rest, iban: cipher.decrypt(Buffer.from(iban, 'base64'), fileId) },
    ]),
  );
  return (organisationId) => opened.get(organisationId) ?? creditor;
}

/** The sender's name of a file; for an old file without one, the platform's. */
export const initiatorOf = (stored: unknown, { creditor }: CreditorDeps): string =>
  (stored as Sealed).initiator ?? creditor.name;

/** The name and identifier of an organisation's creditor in a file; undefined: the file has none of its own. */
export const sealedCreditor = (
  stored: unknown,
  organisationId: string,
): Pick<Creditor, 'name' | 'id'> | undefined => (stored as Sealed).byOrganisation?.[organisationId];
