import type { Db } from '@crm/db';
import { findByText, todayInParis, type SearchCondition } from '@crm/domain';
import { conflict, entity, invalid, type Call, type Methods, organisationOrDefault } from '@crm/kit';
import {
  Mandate,
  StatutMandat,
  type CreateMandateRequest,
  type MandateServiceService,
} from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { checkAccount, maskIban } from './check-account.ts';
import { checkAddress } from './postal-address.ts';
import type { SecretCipher } from '@crm/kit/secrets';
import { checkMandate } from './check-mandate.ts';
import { checkCollected, checkReferences, type Planning } from '../check-planned.ts';
import { lapsesFrom, validUntil, type Used } from './valid-until.ts';

/** Days between prenotification and debit, unless the mandate agrees on fewer (EPC016-06, 4.4). */
const PRENOTIFICATION_DAYS = 14;

const DEFAULT_SIZE = 50;

/** Mandates. The IBAN is stored encrypted and only ever written into files for the bank. */
export function mandates(
  db: Db,
  cipher: SecretCipher,
  planning: Planning,
): Methods<typeof MandateServiceService> {
  const mandate = entity(db, {
    model: 'mandate',
    plural: 'mandates',
    message: Mandate,
    derived: (row) => ({ valideJusquAu: validUntil(row as unknown as Used) }),
  });
  const repeat = mandate.repeat;
  return {
    get: mandate.get,
    list: ({ recherche, caducsAu, ...request }) =>
      mandate.listWhere(request, {
        ...(recherche && {
          OR: [contains('rum', recherche), contains('titulaire', recherche)],
        }),
        ...(caducsAu && lapsedBefore(caducsAu)),
      }),
    async search({ texte, organisationId, pageSize }) {
      const take = pageSize || DEFAULT_SIZE;
      const find = (condition: SearchCondition) =>
        db.mandate.findMany({
          where: { ...condition, ...(organisationId && { organisationId }) },
          orderBy: { id: 'desc' },
          take,
        });
      return { mandates: (await findByText(db, texte, take, find)).map(mandate.toMessage) };
    },
    async create(request: CreateMandateRequest, call: Call) {
      const iban = checkAccount(request);
      // banks reject a debit by a mandate that is signed in the future
      if (request.dateSignature > todayInParis()) throw invalid('dateSignature', 'lies in the future');
      checkUsed(request);
      const adresse = request.adresse && checkAddress(request.adresse);
      await checkReferences(planning, request, call);
      return await call.once(async (tx) => {
        const id = v7();
        const data = {
          id,
          organisationId: organisationOrDefault(request.organisationId),
          clientId: request.clientId,
          ibanChiffre: cipher.encrypt(iban, id),
          ibanMasque: maskIban(iban),
          bic: request.bic,
          titulaire: request.titulaire,
          // 32 characters; a mandate reference may have 35
          rum: request.rum || id.replaceAll('-', '').toUpperCase(),
          dateSignature: request.dateSignature,
          dernierePresentation: request.dernierePresentation,
          ...(adresse && { adresse }),
          statut: StatutMandat.ACTIF,
          prenotificationJours: request.prenotificationJours ?? PRENOTIFICATION_DAYS,
        };
        const inserted = await tx.mandate.createMany({ data: [data], skipDuplicates: true });
        if (inserted.count === 0) throw conflict(`rum: ${data.rum} is the reference of another mandate`);
        return await mandate.read(tx, id);
      }, repeat);
    },
    async verifier(request, call) {
      const organisationId = organisationOrDefault(request.organisationId);
      await checkMandate(db, {
        ...request,
        organisationId,
        datePrevue: request.datePrevue || todayInParis(),
      });
      await checkCollected(planning, request, call);
      return {};
    },
    update({ id, adresse }, call) {
      return mandate.update({ id, ...{ adresse: checkAddress(adresse!) } }, call);
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

const contains = (column: string, text: string) => ({
  [column]: { contains: text.trim(), mode: 'insensitive' },
});

/** The condition for mandates whose last day (`validUntil`) is before a day. */
function lapsedBefore(day: string) {
  const lt = lapsesFrom(day);
  return { dateSignature: { lt }, dernierePresentation: { lt } };
}

/** Checks the last use of a mandate by another system, if given. */
function checkUsed({ dateSignature, dernierePresentation }: Used): void {
  if (!dernierePresentation) return;
  if (dernierePresentation > todayInParis()) throw invalid('dernierePresentation', 'lies in the future');
  if (dernierePresentation < dateSignature) {
    throw invalid('dernierePresentation', 'lies before the signature');
  }
}
