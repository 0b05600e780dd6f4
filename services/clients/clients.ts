import type { Db } from '@crm/db';
import { emit, entity, type Methods } from '@crm/kit';
import { Client, TypeClient, type ClientBaseServiceService } from '@crm/proto/clients/clients';
import { clearEmailRefusal, forgetRefusalOfOtherAddress, recordEmailRefusal } from './email-refusal.ts';

/** Clients: a plain entity, whose creation is an event, found by a part of its name. */
export function clients(db: Db): Methods<typeof ClientBaseServiceService> {
  const client = entity(db, {
    model: 'client',
    plural: 'clients',
    message: Client,
    defaults: { organisationId: 'default', type: TypeClient.PARTICULIER },
    created: (tx, { id, organisationId, nom, prenom, email, createdAt }) =>
      emit(tx, 'client.created', { clientId: id, organisationId, nom, prenom, email, createdAt }),
    updating: (tx, id, { email }) => forgetRefusalOfOtherAddress(tx, id, email as string | undefined),
  });
  return {
    ...client,
    search: async ({ texte, ...request }) => {
      const contains = { contains: literally(texte), mode: 'insensitive' };
      const matches = { OR: [{ nom: contains }, { prenom: contains }, { email: contains }] };
      return await client.listWhere(request, matches);
    },
    recordEmailRefusal: recordEmailRefusal(client),
    clearEmailRefusal: clearEmailRefusal(client),
  };
}

/** Prisma leaves LIKE's wildcards in a `contains` as they are. */
const literally = (texte: string): string => texte.replace(/[\\%_]/g, '\\$&');
