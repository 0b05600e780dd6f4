import type { Tx } from '@crm/db';
import type { Call } from '@crm/kit';
import type { Client, UpdateClientRequest } from '@crm/proto/clients/clients';
import { v7 } from 'uuid';

/** What people decide about a client; everything else of it is only corrected. */
const DECIDED = ['sansRelance', 'bloque', 'email', 'gestionnaireId'] as const;

type Field = (typeof DECIDED)[number] | 'emailStatut';
type Why = { motif: string };

/** Keeps who decided what about a client, and why. Runs before the change, in its transaction. */
export async function rememberDecisions(
  tx: Tx,
  { id, motif, ...changes }: UpdateClientRequest,
  call: Pick<Call, 'caller'>,
): Promise<void> {
  const before = await tx.client.findUnique({ where: { id } });
  if (!before) return;
  for (const champ of DECIDED) {
    const apres = changes[champ];
    if (apres !== undefined && apres !== before[champ])
      await remember(tx, { id, champ, avant: before[champ], apres, motif }, call);
  }
}

/** Keeps that somebody declared the address good again. Runs before the change, in its transaction. */
export async function rememberClearing(
  tx: Tx,
  { id, motif }: { id: string } & Why,
  call: Pick<Call, 'caller'>,
): Promise<void> {
  const before = await tx.client.findUnique({ where: { id } });
  const avant = before?.emailStatut as Client['emailStatut'] | undefined;
  if (avant && avant !== ACCEPTED)
    await remember(tx, { id, champ: 'emailStatut', avant, apres: ACCEPTED, motif }, call);
}

const ACCEPTED = 'ADRESSE_ACCEPTEE' satisfies `${Client['emailStatut']}`;

const remember = (
  tx: Tx,
  { id: clientId, champ, ...said }: { id: string; champ: Field; avant: unknown; apres: unknown } & Why,
  { caller }: Pick<Call, 'caller'>,
) =>
  tx.decisionClient.create({
    data: {
      ...{ id: v7(), clientId, champ, auteur: caller.sub, motif: said.motif },
      ...{ avant: String(said.avant), apres: String(said.apres) },
    },
  });
