import { afterUsualTerm } from '@crm/domain';
import { StatutContrat } from '@crm/proto/contrats/contrats';
import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** Handlers of the payments service. */
export const paymentsHandlers = ({ contrats, schedules }: Services) =>
  ({
    async createPaymentSchedule({ contratId }, { metadata, deadlineMs }) {
      const contrat = await contrats.get({ id: contratId }, { deadlineMs });
      if (contrat.statut === StatutContrat.RESILIE) return { skipped: 'le contrat est résilié' };
      if (contrat.montantTotal === 0n) return { skipped: 'le contrat n’a pas de montant' };
      const { organisationId, clientId, mandatId, montantTotal, nombreEcheances } = contrat;
      const { id } = await schedules.create(
        {
          ...{ organisationId, contratId, clientId, mandatId, montantTotal, nombreEcheances },
          datePremiereEcheance: contrat.datePremiereEcheance || afterUsualTerm(contrat.dateSignature),
        },
        { metadata, deadlineMs },
      );
      return { done: id };
    },
  }) satisfies Partial<Handlers>;
