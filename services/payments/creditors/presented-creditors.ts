import type { Db, Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import type { IbanCipher } from '../mandates/iban-cipher.ts';

/** Whom debits are paid to. */
export type Creditor = { name: string; iban: string; bic: string; id: string };

/**
 * Who collects, by organisation, and the name of who sends a file on behalf of several; `withSociete`: organisations for
 * which the environment's creditor does not collect.
 */
export type Creditors = {
  onBehalf: string;
  byOrganisation: Map<string, Creditor>;
  withSociete: Set<string>;
};

/** What creditors are read with: the one of the environment is there where it has an IBAN and an identifier. */
export type CreditorDeps = { cipher: IbanCipher; creditor: Creditor };

const isComplete = ({ iban, id }: Creditor): boolean => iban !== '' && id !== '';

/**
 * The creditors of organisations: their own, else the environment's; an organisation that has neither is left out, and
 * so is one with a société but no creditor: nobody collects its money into another company's account.
 * @param withSociete as `organisationsWithSociete` answers them
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

/** @throws FAILED_PRECONDITION CREANCIER naming the organisations that nobody collects for */
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
 * As a file's row keeps them, IBANs encrypted and bound to the file: what was presented stays as it was. Who sends it
 * (InitgPty) is known once it is closed.
 */
export type Sealed = {
  onBehalf?: string;
  initiator?: string;
  byOrganisation?: Record<string, { name: string; iban: string; bic: string; id: string }>;
};

export const sealCreditors = (
  { onBehalf, byOrganisation }: Creditors,
  fileId: string,
  cipher: IbanCipher,
): Sealed => ({
  onBehalf,
  byOrganisation: Object.fromEntries(
    [...byOrganisation].map(([organisationId, { iban, ...creditor }]) => [
      organisationId,
      { ...creditor, iban: Buffer.from(cipher.encrypt(iban, fileId)).toString('base64') },
    ]),
  ),
});

/** Those that a file has stay as they are, others come in. */
export const addSealed = (stored: unknown, more: Sealed): Sealed => ({
  ...(stored as Sealed),
  byOrganisation: { ...more.byOrganisation, ...(stored as Sealed).byOrganisation },
});

/** Those of the organisations that have debits in a file: one of one creditor is sent by it, one of several on their behalf. */
export function onlyOf(stored: unknown, organisationIds: string[]): Sealed {
  const { onBehalf, byOrganisation = {} } = stored as Sealed;
  const creditors = organisationIds.map((id) => [id, byOrganisation[id]!] as const);
  const names = new Set(creditors.map(([, { id, name }]) => `${id} ${name}`));
  const initiator = names.size === 1 ? creditors[0]![1].name : onBehalf;
  return { ...(initiator !== undefined && { initiator }), byOrganisation: Object.fromEntries(creditors) };
}

/** Of a file that has none, made before organisations had creditors, the environment's. */
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

/** The name of who sends a file, of one that has none the environment's. */
export const initiatorOf = (stored: unknown, { creditor }: CreditorDeps): string =>
  (stored as Sealed).initiator ?? creditor.name;
