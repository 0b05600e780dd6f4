import { authorNames, chronologie, pageOf, type Table, type Users } from '@crm/domain';
import { isRefusal, knownOf, notFound, orUndefined, type Call, type Connected } from '@crm/kit';
import type {
  GenreLigne,
  LigneChronologie,
  ListChronologieRequest,
  ListChronologieResponse,
} from '@crm/proto/chronologie/chronologie';
import { GenreLigne as Genre } from '@crm/proto/chronologie/chronologie';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { CallSettings } from '@crm/kit';

/** How long a page waits for a service: a slow one counts as away. */
const PATIENCE_MS = 4_000;

/** A service that tells of its own rows, and the kinds that it has. */
type Teller = {
  name: string;
  genres: GenreLigne[];
  list(request: Partial<ListChronologieRequest>, settings?: CallSettings): Promise<ListChronologieResponse>;
};

/** The RPCs that a timeline is made from; called with the caller's own token. */
export type TimelineSources = {
  tellers: Teller[];
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  users: Users;
};

/**
 * What happened with a client in all services, as one list. Each service is asked for a page after the same place, and the
 * first lines of all are the page, so its work does not grow with the list.
 * @throws {RpcError} NOT_FOUND: no such client
 */
export function mergedTimeline(own: Table[], { tellers, clients, factures, users }: TimelineSources) {
  const ownLines = chronologie(own);
  const ownGenres = own.map(({ genre }) => genre);
  return async (
    request: ListChronologieRequest,
    { signal }: Pick<Call, 'signal'>,
  ): Promise<ListChronologieResponse> => {
    const absents = new Set<string>();
    /** The answer of a service, or undefined if it is away. */
    const unlessAway = async <T>(name: string, answer: Promise<T>): Promise<T | undefined> => {
      try {
        return await answer;
      } catch (error) {
        if (signal.aborted || isRefusal(error)) throw error;
        absents.add(name);
        return undefined;
      }
    };
    const isAsked = (genres: GenreLigne[]) =>
      request.genres.length === 0 || genres.some((genre) => request.genres.includes(genre));
    const [mine, ...others] = await Promise.all([
      isAsked(ownGenres) ? ownLines(request) : undefined,
      ...tellers
        .filter(({ genres }) => isAsked(genres))
        .map(({ name, list }) => unlessAway(name, list(request, { deadlineMs: PATIENCE_MS }))),
    ]);
    const page = pageOf(
      request,
      [mine, ...others].map((answer) => answer?.lignes ?? []),
    );
    // nobody has told of such a client: is there one?
    if (page.lignes.length === 0 && !request.pageToken) {
      const client = await unlessAway('clients', orUndefined(clients.get({ id: request.clientId })));
      if (!client && !absents.has('clients')) throw notFound('client', request.clientId);
    }
    const [invoices, authors] = await Promise.all([
      unlessAway('factures', numbersOf(page.lignes, factures)),
      unlessAway('users', namesOf(page.lignes, users)),
    ]);
    return {
      lignes: page.lignes.map((line) => ({
        ...line,
        auteurNom: authors?.get(line.auteur) ?? '',
        factures: line.factures.map(({ id, numero }) => ({
          id,
          numero: numero || (invoices?.get(id) ?? ''),
        })),
      })),
      nextPageToken: page.nextPageToken,
      absents: [...absents].sort(),
    };
  };
}

async function numbersOf(lines: LigneChronologie[], factures: TimelineSources['factures']) {
  const unknown = lines.flatMap((line) => line.factures.filter(({ numero }) => !numero).map(({ id }) => id));
  const known = await knownOf(
    unknown,
    (page) => factures.list(page, { deadlineMs: PATIENCE_MS }),
    (page) => page.invoices,
  );
  return new Map([...known].map(([id, { numero }]) => [id, numero]));
}

/** Nobody is called by an id: who is unknown to users has no name here. */
async function namesOf(lines: LigneChronologie[], users: Users): Promise<Map<string, string>> {
  const names = await authorNames(users, [...new Set(lines.map(({ auteur }) => auteur))]);
  return new Map([...names].map(([sub, name]) => [sub, IS_ID.test(name) ? '' : name]));
}

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The kinds of lines that each service has. */
export const GENRES = {
  email: [Genre.COURRIEL, Genre.RETOUR_COURRIEL, Genre.REPONSE_RECUE],
  relance: [Genre.RELANCE, Genre.ATTENTE, Genre.FIN_ATTENTE],
  retry: [Genre.REESSAI],
  payments: [Genre.PRELEVEMENT, Genre.REJET],
  factures: [Genre.FACTURE, Genre.AVOIR],
  clients: [Genre.CLIENT],
  contrats: [Genre.CONTRAT],
};
