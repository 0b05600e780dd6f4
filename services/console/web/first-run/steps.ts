import { useQuery } from '@connectrpc/connect-query';
import { ClientBaseService } from '../../gen/proto/clients/clients_pb.ts';
import { InvoiceService } from '../../gen/proto/factures/factures_pb.ts';
import { SocieteService } from '../../gen/proto/organisations/organisations_pb.ts';
import { CreancierService } from '../../gen/proto/payments/payments_pb.ts';
import { RegleRelanceService, RelanceService } from '../../gen/proto/relance/relance_pb.ts';

/** The steps of a beginning, in their order. */
export const STEPS = ['societe', 'creancier', 'regles', 'clients', 'factures', 'relances'] as const;
export type Step = (typeof STEPS)[number];

/** The bank is not needed to remind. */
const OPTIONAL: ReadonlySet<Step> = new Set(['creancier']);
export const isOptional = (step: Step): boolean => OPTIONAL.has(step);

/**
 * Which steps of an organisation are done: each is, when there is what it makes. Nothing else is kept, so that a beginning
 * can be left and gone on with, by anybody.
 */
export function useSteps(organisationId: string) {
  const one = { organisationId, pageSize: 1 };
  const read = { enabled: organisationId !== '' };
  const societes = useQuery(SocieteService.method.list, one, read);
  const creanciers = useQuery(CreancierService.method.list, one, read);
  const regles = useQuery(RegleRelanceService.method.getEnVigueur, { organisationId }, read);
  const clients = useQuery(ClientBaseService.method.list, one, read);
  const factures = useQuery(InvoiceService.method.list, one, read);
  const relances = useQuery(RelanceService.method.list, one, read);
  const all = { societes, creanciers, regles, clients, factures, relances };
  const done: Record<Step, boolean> = {
    societe: (societes.data?.societes.length ?? 0) > 0,
    creancier: (creanciers.data?.creanciers.length ?? 0) > 0,
    regles: regles.data?.origine === organisationId,
    clients: (clients.data?.clients.length ?? 0) > 0,
    factures: (factures.data?.invoices.length ?? 0) > 0,
    relances: (relances.data?.relances.length ?? 0) > 0,
  };
  const queries = Object.values(all);
  return {
    done,
    next: STEPS.find((step) => !done[step] && !isOptional(step)),
    isPending: queries.some(({ isPending }) => isPending),
    error: queries.find(({ error }) => error)?.error,
    readAgain: () => Promise.all(queries.map(({ refetch }) => refetch())),
  };
}
