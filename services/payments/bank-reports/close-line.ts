import type { Tx } from '@crm/db';
import { formatInstant } from '@crm/domain';
import { failedPrecondition, notFound, type Call, type Methods } from '@crm/kit';
import {
  EtatRapporte,
  type CloreLigneInconnueRequest,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import { applyLine } from './apply-line.ts';
import type { Staged } from './facts-before.ts';
import { toUnknownLines } from './to-unknown-line.ts';

/** The stored value for each way of closing a line. */
const CLOTURE = { paiement: 'PAIEMENT', autreSysteme: 'AUTRE_SYSTEME', ecarter: 'ECARTEE' } as const;

/**
 * Closes unknown lines, each once. The report's row is locked first, as when reports are applied: of two
 * persons the second sees what the first did, and a report's counts stay the sum of its lines.
 */
export const closeLine: Methods<typeof PaymentServiceService>['cloreLigneInconnue'] = async (
  request,
  call: Call,
) => {
  const par = call.caller.sub;
  const effect = async (tx: Tx) => {
    await close(tx, request, par);
    return await read(tx, request);
  };
  // a line is identified by its report and rank
  return await call.once(effect, { idOf: () => request.rapportId, read: (tx) => read(tx, request) });
};

async function close(tx: Tx, request: CloreLigneInconnueRequest, par: string): Promise<void> {
  const { rapportId: reportId, rang, pourquoi } = request;
  await tx.$queryRaw`SELECT id FROM payments.bank_reports WHERE id = ${reportId} FOR UPDATE`;
  const line = await find(tx, request);
  if (line.cloture) {
    if (await isRepeat(tx, line, request, par)) return;
    throw failedPrecondition('LIGNE_CLOSE', `the line was closed already: ${inWords(line)}`);
  }
  if (line.issue !== 'INCONNU') {
    throw failedPrecondition('LIGNE_CONNUE', `the line is not unknown: ${line.issue || 'not applied yet'}`);
  }
  const fait = request.fait!;
  if (fait.$case === 'paiement') {
    const { id: paymentId, tentative, etat, montantDifferent } = fait.value;
    const meant = etat === EtatRapporte.UNSPECIFIED ? undefined : etat;
    await applyLine(tx, line, { paymentId, tentative, etat: meant, montantDifferent });
  } else {
    await tx.bankReport.update({
      where: { id: reportId },
      data: { inconnus: { decrement: 1 }, closes: { increment: 1 } },
    });
  }
  await tx.reportTransaction.update({
    where: { reportId_rang: { reportId, rang } },
    data: { cloture: CLOTURE[fait.$case], cloturePar: par, cloturePourquoi: pourquoi, closAt: new Date() },
  });
}

type Named = Pick<CloreLigneInconnueRequest, 'rapportId' | 'rang'>;

async function find(tx: Tx, { rapportId: reportId, rang }: Named): Promise<Staged> {
  const line = await tx.reportTransaction.findUnique({ where: { reportId_rang: { reportId, rang } } });
  if (!line) throw notFound('line', `${rang} of bank report ${reportId}`);
  return line;
}

const read = async (tx: Tx, named: Named) => (await toUnknownLines(tx, [await find(tx, named)]))[0]!;

/** Whether the same person closes the line in the same way again, for example because an answer was lost. */
async function isRepeat(
  tx: Tx,
  line: Staged,
  { fait, pourquoi }: CloreLigneInconnueRequest,
  par: string,
): Promise<boolean> {
  const { cloture, cloturePar, cloturePourquoi, paymentId, presentationId } = line;
  const isSame = cloture === CLOTURE[fait!.$case] && cloturePar === par && cloturePourquoi === pourquoi;
  if (!isSame || fait?.$case !== 'paiement') return isSame;
  const { id, tentative, etat } = fait.value;
  if (id !== paymentId || (etat !== EtatRapporte.UNSPECIFIED && etat !== (line.etat as EtatRapporte))) {
    return false;
  }
  if (!tentative) return true;
  const applied = await tx.presentation.findUnique({ where: { id: presentationId } });
  return applied?.tentative === tentative;
}

const inWords = ({ cloture, cloturePar, cloturePourquoi, closAt, paymentId }: Staged): string => {
  const what = cloture === CLOTURE.paiement ? `${cloture} ${paymentId}` : cloture;
  return `${what} by ${cloturePar}, ${formatInstant(closAt!)} (${cloturePourquoi})`;
};
