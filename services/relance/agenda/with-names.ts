import { clientName } from '@crm/domain';
import { knownOf, type Connected } from '@crm/kit';
import type { Client, ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { Contrat, ContratServiceService } from '@crm/proto/contrats/contrats';
import type { EcheanceAgenda } from '@crm/proto/relance/agenda';
import type { Invoices } from '../read-invoices.ts';

/** The services that know what people call clients and contracts; called with the caller's own token. */
export type NameSources = {
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'list'>;
  contrats: Pick<Connected<typeof ContratServiceService>, 'list'>;
};

/** What the ids of entries stand for, by id. What another system has is missing. */
export type Known = { clients: Map<string, Client>; contrats: Map<string, Contrat>; invoices: Invoices };

/** Reads the clients and contracts of entries. @throws {RpcError} UNAVAILABLE: clients or contrats is away */
export async function readKnown(
  lines: Pick<EcheanceAgenda, 'clientId' | 'contratReference'>[],
  sources: NameSources,
  signal: AbortSignal,
): Promise<Omit<Known, 'invoices'>> {
  signal.throwIfAborted();
  const [clients, contrats] = await Promise.all([
    knownOf(
      lines.map(({ clientId }) => clientId),
      (page) => sources.clients.list(page),
      (page) => page.clients,
    ),
    knownOf(
      lines.map(({ contratReference }) => contratReference),
      (page) => sources.contrats.list(page),
      (page) => page.contrats,
    ),
  ]);
  return { clients, contrats };
}

/**
 * Puts the numbers, references and names of people in the place of ids, in the fields and in the texts. An entry comes
 * with the id of its contract as `contratReference`. What another system has keeps its id in the texts.
 */
export function withNames(line: EcheanceAgenda, { clients, contrats, invoices }: Known): EcheanceAgenda {
  const client = clients.get(line.clientId);
  const clientNom = client ? clientName(client) : '';
  const contratReference = contrats.get(line.contratReference)?.reference ?? '';
  const names: [id: string, name: string][] = [
    [line.clientId, clientNom],
    [line.contratReference, contratReference],
  ];
  const inWords = (text: string) =>
    names.reduce((told, [id, name]) => (id && name ? told.replaceAll(id, () => name) : told), text);
  return {
    ...line,
    ...{ clientNom, contratReference, invoiceNumero: invoices.get(line.invoiceId)?.numero ?? '' },
    ...{ libelle: inWords(line.libelle), pourquoi: inWords(line.pourquoi) },
  };
}
