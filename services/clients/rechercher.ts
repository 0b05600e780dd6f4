import type { Db } from '@crm/db';
import { amountInText, clientName, contactName, findByText } from '@crm/domain';
import type { Connected, Methods } from '@crm/kit';
import {
  GenreTrouve,
  Trouve,
  type GroupeTrouve,
  type RechercheServiceService,
  type RechercherRequest,
} from '@crm/proto/clients/recherche';
import { statutContratToJSON, type ContratServiceService } from '@crm/proto/contrats/contrats';
import { statutFactureToJSON, type InvoiceServiceService } from '@crm/proto/factures/factures';
import type { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import {
  statutMandatToJSON,
  statutPaiementToJSON,
  type MandateServiceService,
  type Payment,
  type PaymentServiceService,
} from '@crm/proto/payments/payments';
import { status } from '@grpc/grpc-js';

const { TROUVE_CLIENT, TROUVE_FACTURE, TROUVE_AVOIR, TROUVE_CONTRAT, TROUVE_MANDAT, TROUVE_PRELEVEMENT } =
  GenreTrouve;
const USUAL_COUNT = 8;

/** Who knows what belongs to clients; called with the caller's own token. */
export type SearchSources = {
  factures: Pick<Connected<typeof InvoiceServiceService>, 'search'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'search'>;
  mandats: Pick<Connected<typeof MandateServiceService>, 'search'>;
  payments: Pick<Connected<typeof PaymentServiceService>, 'list'>;
  organisations: Pick<Connected<typeof OrganisationServiceService>, 'list'>;
};

type Found = Partial<Trouve> & { id: string; organisationId: string; clientId: string };

/**
 * The one search: every service searches what it has, this one the clients, and puts their names to it. What a service
 * that is away would know is said to be missing, the rest is answered.
 */
export const rechercher = (
  db: Db,
  sources: SearchSources,
): Pick<Methods<typeof RechercheServiceService>, 'rechercher'> => ({
  async rechercher(request) {
    const count = request.parGenre || USUAL_COUNT;
    const found = await search(db, sources, request, count + 1);
    const shown = found.flatMap(({ trouves }) => trouves.slice(0, count));
    const [clientNames, organisationNames] = await Promise.all([
      namesOfClients(db, shown),
      namesOfOrganisations(sources, shown),
    ]);
    const named = ({ organisationId, clientId, ...one }: Found): Trouve =>
      Trouve.fromPartial({
        ...{ organisationId, clientId, organisationNom: organisationNames.get(organisationId) ?? '' },
        ...{ clientNom: clientNames.get(clientId) ?? '', ...one },
      });
    return {
      groupes: found
        .filter(({ trouves, indisponible }) => trouves.length > 0 || indisponible)
        .map(({ genre, trouves, indisponible }): GroupeTrouve => ({
          ...{ genre, indisponible, encore: trouves.length > count },
          trouves: trouves.slice(0, count).map(named),
        })),
    };
  },
});

type FoundOfKind = { genre: GenreTrouve; trouves: Found[]; indisponible: boolean };

/** At most `take` of each kind, in the order of the answer. */
async function search(
  db: Db,
  sources: SearchSources,
  { texte, organisationId }: RechercherRequest,
  take: number,
): Promise<FoundOfKind[]> {
  const asked = { texte, organisationId, pageSize: take };
  const montant = amountInText(texte);
  const [clients, invoices, contrats, mandates, payments] = await Promise.all([
    findByText(db, texte, take, (condition) =>
      db.client.findMany({
        where: { ...condition, ...(organisationId && { organisationId }) },
        orderBy: { id: 'desc' },
        take,
      }),
    ),
    unlessAway(sources.factures.search(asked)),
    unlessAway(sources.contrats.search(asked)),
    unlessAway(sources.mandats.search(asked)),
    montant
      ? unlessAway(sources.payments.list({ organisationId, montant, pageSize: take }))
      : { payments: [] as Payment[] },
  ]);
  return [
    ofKind(TROUVE_CLIENT, clients, (client) => ({
      ...{ clientId: client.id, numero: client.referenceClient },
      precision: [contactName(client), client.email].filter(Boolean).join(' · '),
    })),
    ofKind(TROUVE_FACTURE, invoices?.invoices, ({ statut, dateFacture, ...invoice }) => ({
      ...invoice,
      ...{ statut: statutFactureToJSON(statut), date: dateFacture, invoiceId: invoice.id },
    })),
    ofKind(TROUVE_AVOIR, invoices?.creditNotes, ({ dateAvoir, ...credit }) => ({
      ...credit,
      date: dateAvoir,
    })),
    ofKind(TROUVE_CONTRAT, contrats?.contrats, ({ statut, reference, montantTotal, dateSignature }) => ({
      ...{ numero: reference, montant: montantTotal, date: dateSignature },
      statut: statutContratToJSON(statut),
    })),
    ofKind(TROUVE_MANDAT, mandates?.mandates, ({ statut, rum, titulaire, dateSignature }) => ({
      ...{ numero: rum, precision: titulaire, date: dateSignature, statut: statutMandatToJSON(statut) },
    })),
    ofKind(TROUVE_PRELEVEMENT, payments?.payments, ({ statut, montant: amount, datePrevue, invoiceId }) => ({
      ...{ montant: amount, date: datePrevue, invoiceId, statut: statutPaiementToJSON(statut) },
    })),
  ];
}

function ofKind<Row extends { id: string; organisationId: string }>(
  genre: GenreTrouve,
  rows: Row[] | undefined,
  said: (row: Row) => Partial<Trouve>,
): FoundOfKind {
  const trouves = (rows ?? []).map((row) => {
    const { clientId = '' } = row as { clientId?: string };
    return { clientId, ...pick(said(row)), id: row.id, organisationId: row.organisationId };
  });
  return { genre, trouves, indisponible: rows === undefined };
}

/** Only what the answer has. */
const pick = ({ clientId, numero, montant, statut, date, invoiceId, precision }: Partial<Trouve>) => ({
  ...(clientId && { clientId }),
  ...(numero && { numero }),
  ...(montant && { montant }),
  ...(statut && { statut }),
  ...(date && { date }),
  ...(invoiceId && { invoiceId }),
  ...(precision && { precision }),
});

/** `undefined`: the service does not answer. */
const unlessAway = <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> =>
  answer.catch((error: unknown) => {
    const { code } = error as { code?: status };
    if (code === status.UNAVAILABLE || code === status.DEADLINE_EXCEEDED) return undefined;
    throw error;
  });

async function namesOfClients(db: Db, found: Found[]): Promise<Map<string, string>> {
  const ids = [...new Set(found.map(({ clientId }) => clientId))].filter(Boolean);
  const select = { id: true, nom: true, prenom: true, raisonSociale: true };
  const rows = await db.client.findMany({ where: { id: { in: ids } }, select });
  return new Map(rows.map((row) => [row.id, clientName(row)]));
}

async function namesOfOrganisations(
  { organisations }: SearchSources,
  found: Found[],
): Promise<Map<string, string>> {
  const references = [...new Set(found.map(({ organisationId }) => organisationId))];
  if (references.length === 0) return new Map();
  const answer = await unlessAway(organisations.list({ references, pageSize: 200 }));
  return new Map(
    (answer?.organisations ?? []).flatMap(({ id, code, nom }) => [[code, nom] as const, [id, nom] as const]),
  );
}
