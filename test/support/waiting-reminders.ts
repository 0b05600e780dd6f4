import { todayInParis } from '@crm/domain';
import type { UpdateOrganisationRequest } from '@crm/proto/organisations/organisations';
import { BaseRelance, RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { Temporal } from 'temporal-polyfill';
import { ground } from './ground.ts';
import type { Stack } from './stack.ts';
import { uniqueAddress } from './unique.ts';
import { until } from './until.ts';

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const LEVELS = [
  ['rappel', 'P1D'],
  ['relance', 'P5D'],
  ['mise-en-demeure', 'P20D'],
] as const;
const daysAgo = (days: number) => Temporal.PlainDate.from(todayInParis()).subtract({ days }).toString();

export type Waiting = Awaited<ReturnType<ReturnType<typeof waitingReminders>['waitingClient']>>;

/** Reminders that are overdue and wait, so that they become due at the same moment. */
export function waitingReminders(stack: Stack) {
  const { services, prepareClient } = ground(stack);
  const { attentes, factures, organisations, relances } = services;
  const regles = stack.client('relance', RegleRelanceServiceService);
  return {
    /** A client of an organisation with three levels, whose reminders wait until `release`. */
    async waitingClient(option: Partial<UpdateOrganisationRequest>) {
      const email = uniqueAddress();
      const { organisationId, clientId } = await prepareClient({ email });
      const { id } = await organisations.get({ id: organisationId });
      await organisations.update({ id, ...option });
      for (const [index, [modele, delai]] of LEVELS.entries()) {
        const rule = { niveau: index + 1, base: BaseRelance.DATE_ECHEANCE, modele, delai };
        await regles.create({ organisationId, ...rule, ...ALWAYS });
      }
      const hold = await attentes.create({ organisationId, clientId, motif: 'comptes à vérifier' });
      const release = () => attentes.lever({ id: hold.id, motif: 'vérifiés' });
      return { organisationId, clientId, email, release };
    },

    /** An invoice that was due some days ago, of 120 €, whose reminders wait. */
    async overdue({ organisationId, clientId }: { organisationId: string; clientId: string }, days: number) {
      const dates = { dateFacture: daysAgo(days + 30), dateEcheance: daysAgo(days) };
      const invoice = await factures.create({ organisationId, clientId, montant: 12_000n, ...dates });
      await until('the level to wait', async () => {
        const { attente, prochaineAt } = await relances.get({ id: invoice.id });
        return attente !== '' && prochaineAt!.getTime() > Date.now();
      });
      return invoice;
    },
  };
}
