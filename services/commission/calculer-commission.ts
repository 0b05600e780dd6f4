import type { Tx } from '@crm/db';
import { failedPrecondition, type Call, organisationOrDefault } from '@crm/kit';
import type { BaremeCommission } from '@crm/proto/commerciaux/commerciaux';
import {
  StatutCommission,
  type CalculerCommissionRequest,
  type Commission,
} from '@crm/proto/commission/commission';
import { v7 } from 'uuid';
import { commissionEntity, type Deps } from './commission-entity.ts';
import { explainCommission } from './explain-commission.ts';
import { montantCommission } from './montant-commission.ts';

/**
 * Computes the commission of a payment by the apporteur's present barème. A payment has one commission: while
 * it is DUE, a repeat returns it unchanged. If it was clawed back, it is computed again and becomes DUE: the
 * returned payment was received after all. (A repeated event about the first reception does not get here,
 * because its effect is recorded.)
 * @throws RpcError NOT_FOUND of the apporteur, FAILED_PRECONDITION with APPORTEUR_INACTIF or
 *   APPORTEUR_SANS_BAREME
 */
export function calculerCommission(deps: Deps) {
  const commission = commissionEntity(deps.db);
  return async (request: CalculerCommissionRequest, call: Call): Promise<Commission> => {
    const { paymentId } = request;
    const due = await deps.db.commission.findUnique({ where: { paymentId, statut: StatutCommission.DUE } });
    // an earned commission stays, whatever has become of the apporteur. Other services are asked before the
    // transaction, so that no row is locked while waiting for them
    const bareme = due ? undefined : await baremeOf(deps, request.apporteurId);
    return await call.once(async (tx) => {
      if (bareme) await insertOrRenew(tx, request, bareme);
      return commission.toMessage(await tx.commission.findUniqueOrThrow({ where: { paymentId } }));
    }, commission.repeat);
  };
}

/** Of concurrent calls the first inserts; the others wait for it and change nothing. */
async function insertOrRenew(tx: Tx, request: CalculerCommissionRequest, bareme: BaremeCommission) {
  const { paymentId, apporteurId, contratId, clientId, montant: montantBase } = request;
  const computed = {
    organisationId: organisationOrDefault(request.organisationId),
    apporteurId,
    contratId,
    clientId,
    montantBase,
    montant: montantCommission(bareme, montantBase),
    baremeId: bareme.id,
    calcul: explainCommission(bareme, montantBase),
    statut: StatutCommission.DUE,
  };
  const { count } = await tx.commission.createMany({
    data: [{ id: v7(), paymentId, ...computed }],
    skipDuplicates: true,
  });
  if (count > 0) return;
  await tx.commission.updateMany({
    where: { paymentId, statut: StatutCommission.REPRISE },
    data: { ...computed, motifReprise: '', repriseAt: null },
  });
}

async function baremeOf({ apporteurs, baremes }: Deps, apporteurId: string): Promise<BaremeCommission> {
  const apporteur = await apporteurs.get({ id: apporteurId });
  if (!apporteur.actif) {
    throw failedPrecondition('APPORTEUR_INACTIF', `apporteur ${apporteurId} is inactive and earns nothing`);
  }
  if (!apporteur.baremeId) {
    throw failedPrecondition('APPORTEUR_SANS_BAREME', `apporteur ${apporteurId} has no barème`);
  }
  return await baremes.get({ id: apporteur.baremeId });
}
