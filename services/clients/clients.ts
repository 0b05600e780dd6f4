import type { Db } from '@crm/db';
import { clientName, compactNumber, containsText } from '@crm/domain';
import { emit, entity, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import { Client, type ClientBaseServiceService } from '@crm/proto/clients/clients';
import { checkIdentity, completeIdentity, typeOfNew } from './client-identity.ts';
import { rememberDecisions } from './decisions.ts';
import { clearEmailRefusal, forgetRefusalOfOtherAddress, recordEmailRefusal } from './email-refusal.ts';

/** Clients: a plain entity whose creation is an event, with a search by parts of names and numbers. */
export function clients(db: Db): Methods<typeof ClientBaseServiceService> {
  const client = entity(db, {
    model: 'client',
    plural: 'clients',
    message: Client,
    defaults: { organisationId: DEFAULT_ORGANISATION },
    created: (tx, { id, nom, createdAt, ...said }) => {
      const { organisationId, prenom, email, raisonSociale, sansBienvenue } = said;
      const named = { nom: nom || clientName({ ...said, nom }), prenom, raisonSociale };
      const more = { ...named, email, createdAt, sansBienvenue };
      return emit(tx, 'client.created', { clientId: id, organisationId, ...more });
    },
    updating: async (tx, id, changes) => {
      await completeIdentity(changes, () => client.read(tx, id));
      await forgetRefusalOfOtherAddress(tx, id, changes.email as string | undefined);
    },
  });
  return {
    ...client,
    create: async (request, call) => {
      const numbers = { siren: compactNumber(request.siren), numeroTva: compactNumber(request.numeroTva) };
      const identified = { ...request, ...numbers };
      checkIdentity(identified);
      return await client.create({ ...identified, type: typeOfNew(identified) }, call);
    },
    update: ({ motif, ...changes }, call) =>
      client.update(changes, call, (tx) => rememberDecisions(tx, { ...changes, motif }, call)),
    list: async ({ ids, texte, ...request }) =>
      await client.listWhere(request, {
        ...(ids.length > 0 && { id: { in: ids } }),
        ...(texte.trim() && (await containsText(db, texte))),
      }),
    search: async ({ texte, ...request }) => {
      const contains = (text: string) => ({ contains: literally(text), mode: 'insensitive' });
      const number = compactNumber(texte);
      const fields = ['raisonSociale', 'nom', 'prenom', 'email', 'referenceClient'] as const;
      const matches = [
        ...fields.map((field) => ({ [field]: contains(texte) })),
        // otherwise "fr" would find every client with a French VAT number
        ...(/\d{3}/.test(number) ? [{ siren: contains(number) }, { numeroTva: contains(number) }] : []),
      ];
      return await client.listWhere(request, { OR: matches });
    },
    recordEmailRefusal: recordEmailRefusal(client),
    clearEmailRefusal: clearEmailRefusal(client),
  };
}

/** Escapes the wildcards of LIKE, which Prisma does not do for `contains`. */
const literally = (texte: string): string => texte.replace(/[\\%_]/g, '\\$&');
