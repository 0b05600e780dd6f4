import type { Db } from '@crm/db';
import { conflict, entity, invalid, type Call, type Methods } from '@crm/kit';
import {
  Mandate,
  StatutMandat,
  type CreateMandateRequest,
  type MandateServiceService,
} from '@crm/proto/payments/payments';
import { electronicFormatIBAN, isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';
import { v7 } from 'uuid';
import type { IbanCipher } from './bank/iban-cipher.ts';

/** Days between the prenotification and the debit, unless the mandate agrees on less (EPC016-06, 4.4). */
const PRENOTIFICATION_DAYS = 14;

/** Mandates: the IBAN comes in, is encrypted, and never goes out again but to the bank. */
export function mandates(db: Db, cipher: IbanCipher): Methods<typeof MandateServiceService> {
  const mandate = entity(db, { model: 'mandate', plural: 'mandates', message: Mandate });
  const repeat = mandate.repeat;
  return {
    get: mandate.get,
    list: mandate.list,
    create(request: CreateMandateRequest, call: Call) {
      const iban = checkAccount(request);
      return call.once(async (tx) => {
        const id = v7();
        const data = {
          id,
          organisationId: request.organisationId || 'default',
          clientId: request.clientId,
          ibanChiffre: cipher.encrypt(iban, id),
          ibanMasque: `${iban.slice(0, 4)} **** ${iban.slice(-3)}`,
          bic: request.bic,
          titulaire: request.titulaire,
          // 32 characters of the 35 that a mandate reference may have
          rum: request.rum || id.replaceAll('-', '').toUpperCase(),
          dateSignature: request.dateSignature,
          statut: StatutMandat.ACTIF,
          prenotificationJours: request.prenotificationJours ?? PRENOTIFICATION_DAYS,
        };
        const inserted = await tx.mandate.createMany({ data: [data], skipDuplicates: true });
        if (inserted.count === 0) throw conflict(`rum: ${data.rum} is the reference of another mandate`);
        return await mandate.read(tx, id);
      }, repeat);
    },
    revoke({ id, motif }, call) {
      return call.once(async (tx) => {
        await tx.mandate.updateMany({
          where: { id, statut: StatutMandat.ACTIF },
          data: { statut: StatutMandat.REVOQUE, revoqueAt: new Date(), motifRevocation: motif },
        });
        return await mandate.read(tx, id);
      }, repeat);
    },
  };
}

/** @throws INVALID_ARGUMENT naming `iban` or `bic`; the account itself is not repeated */
function checkAccount({ iban: given, bic }: CreateMandateRequest): string {
  const iban = electronicFormatIBAN(given);
  if (!iban || !isValidIBAN(iban)) throw invalid('iban', 'must be an IBAN whose check digits are right');
  if (!isSEPACountry(iban.slice(0, 2))) throw invalid('iban', 'must be of a country of the SEPA');
  if (bic && !isValidBIC(bic)) throw invalid('bic', 'must be a BIC');
  if (bic && !countriesOf(iban).includes(bic.slice(4, 6))) {
    throw invalid('bic', 'must be of the country of the IBAN');
  }
  return iban;
}

/** Countries of ISO 3166 whose banks have the IBANs of another: a BIC of theirs belongs to such an IBAN. */
const TERRITORIES: Record<string, string[]> = {
  FI: ['AX'],
  FR: ['GF', 'GP', 'MQ', 'RE', 'PF', 'TF', 'YT', 'NC', 'BL', 'MF', 'PM', 'WF'],
  GB: ['IM', 'JE', 'GG'],
};

const countriesOf = (iban: string): string[] => {
  const country = iban.slice(0, 2);
  return [country, ...(TERRITORIES[country] ?? [])];
};
