import { companyFaults, compactNumber } from '@crm/domain';
import { invalidFields, type FieldFault } from '@crm/kit';
import { TypeClient, type Client } from '@crm/proto/clients/clients';

/** The names and numbers of a client. */
type Identity = Pick<Client, 'nom' | 'raisonSociale' | 'siren' | 'numeroTva' | 'type'>;

/**
 * Checks that a client has a name, and that a company's numbers are valid and agree.
 * @throws {RpcError} INVALID_ARGUMENT: `nom`, `siren`, `numeroTva`
 */
export function checkIdentity({ nom, raisonSociale, ...numbers }: Omit<Identity, 'type'>): void {
  const faults: FieldFault[] = companyFaults(numbers);
  if (!nom && !raisonSociale)
    faults.unshift({ field: 'nom', description: 'must not be blank where there is no raisonSociale' });
  if (faults.length > 0) throw invalidFields(faults);
}

/** The type of a new client without a `type`: data that only companies have make it PROFESSIONNEL. */
export const typeOfNew = (client: Identity): TypeClient =>
  client.type !== TypeClient.UNSPECIFIED
    ? client.type
    : isCompany(client)
      ? TypeClient.PROFESSIONNEL
      : TypeClient.PARTICULIER;

/**
 * Checks a change of names and numbers against the stored client, and completes it in place: numbers without
 * spaces; a person that becomes a company is PROFESSIONNEL unless the change says otherwise. Reads the client
 * only if needed.
 * @throws {RpcError} INVALID_ARGUMENT as `checkIdentity`; NOT_FOUND
 */
export async function completeIdentity(
  changes: Record<string, unknown>,
  read: () => Promise<Client>,
): Promise<void> {
  for (const field of ['siren', 'numeroTva']) {
    if (typeof changes[field] === 'string') changes[field] = compactNumber(changes[field]);
  }
  const about = ['nom', 'raisonSociale', 'siren', 'numeroTva'].filter(
    (field) => changes[field] !== undefined,
  );
  if (about.length === 0) return;
  const before = await read();
  const after = { ...before, ...Object.fromEntries(about.map((field) => [field, changes[field]])) };
  checkIdentity(after);
  if (changes.type === undefined && isCompany(after) && !isCompany(before))
    changes.type = TypeClient.PROFESSIONNEL;
}

const isCompany = ({ raisonSociale, siren, numeroTva }: Omit<Identity, 'nom' | 'type'>): boolean =>
  [raisonSociale, siren, numeroTva].some(Boolean);
