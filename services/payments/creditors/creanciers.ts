import type { Db, Tx } from '@crm/db';
import {
  conflict,
  entity,
  invalid,
  notFound,
  type Methods,
  organisationOrDefault,
  type OrganisationNamer,
} from '@crm/kit';
import {
  Creancier,
  type CreancierServiceService,
  type UpdateCreancierRequest,
} from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { checkAccount, maskIban } from '../mandates/check-account.ts';
import { isCreditorId } from './creditor-id.ts';
import type { SecretCipher } from '@crm/kit/secrets';

/**
 * Creditors, one for each organisation. The IBAN is stored encrypted and only ever written into files for the
 * bank.
 */
export function creanciers(
  db: Db,
  cipher: SecretCipher,
  organisationName: OrganisationNamer,
): Methods<typeof CreancierServiceService> {
  const creancier = entity(db, { model: 'creancier', plural: 'creanciers', message: Creancier });
  const sealed = (id: string, iban: string) => ({
    ibanChiffre: cipher.encrypt(iban, id),
    ibanMasque: maskIban(iban),
  });
  /** @throws INVALID_ARGUMENT */
  const change = (request: UpdateCreancierRequest, row: Row) => {
    const { nom, iban: given, ics } = request;
    const bic = request.bic ?? (given === undefined ? row.bic : '');
    const iban = checkAccount({ iban: given ?? cipher.decrypt(row.ibanChiffre, row.id), bic });
    return {
      bic,
      ...(given !== undefined && sealed(row.id, iban)),
      ...(nom !== undefined && { nom }),
      ...(ics !== undefined && { ics: checkIcs(ics) }),
    };
  };
  return {
    list: creancier.list,
    get: async ({ id }) => creancier.toMessage(await creancierRow(db, await organisationName(id))),
    async create(request, call) {
      const iban = checkAccount(request);
      const ics = checkIcs(request.ics);
      return await call.once(async (tx) => {
        const id = v7();
        const organisationId = organisationOrDefault(request.organisationId);
        const { nom, bic } = request;
        const { count } = await tx.creancier.createMany({
          data: [{ id, organisationId, nom, bic, ics, ...sealed(id, iban), updatedAt: new Date() }],
          skipDuplicates: true,
        });
        if (count === 0) throw conflict(`organisationId: ${organisationId} has a creditor; update it`);
        return await creancier.read(tx, id);
      }, creancier.repeat);
    },
    update: async (request, call) => {
      const named = await organisationName(request.id);
      return await call.once(async (tx) => {
        const { id } = await creancierRow(tx, named);
        // The BIC must match the stored IBAN: the row lock makes concurrent changes see each other.
        await tx.$executeRaw`SELECT id FROM payments.creanciers WHERE id = ${id} FOR UPDATE`;
        const data = change(request, await creancierRow(tx, id));
        return creancier.toMessage(await tx.creancier.update({ where: { id }, data }));
      }, creancier.repeat);
    },
  };
}

type Row = NonNullable<Awaited<ReturnType<Tx['creancier']['findUnique']>>>;

/** @throws NOT_FOUND */
async function creancierRow(tx: Tx | Db, id: string): Promise<Row> {
  const row = await tx.creancier.findFirst({ where: { OR: [{ id }, { organisationId: id }] } });
  if (!row) throw notFound('creancier', id);
  return row;
}

/** @throws INVALID_ARGUMENT `ics` */
function checkIcs(given: string): string {
  const ics = given.replace(/\s/g, '').toUpperCase();
  if (!isCreditorId(ics)) throw invalid('ics', 'must be a creditor identifier whose check digits are right');
  return ics;
}
