import { createClient, type Transport } from '@connectrpc/connect';
import { ImportService as ClientImports } from '../../gen/proto/clients/imports_pb.ts';
import { ImportService as InvoiceImports } from '../../gen/proto/factures/imports_pb.ts';
import type { BilanImport, LigneImport } from '../../gen/proto/imports/imports_pb.ts';

/** What a file has. */
export type Imports = 'clients' | 'factures';

export type Imported = { lignes: LigneImport[]; remarques: string[]; bilan: BilanImport | undefined };

type Asked = {
  organisationId: string;
  nomFichier: string;
  contenu: Uint8Array<ArrayBuffer>;
  appliquer: boolean;
  saufFautives: boolean;
};

/** Sends a file to the service that owns its rows, and gathers what becomes of each line. */
export async function importFile(
  transport: Transport,
  what: Imports,
  asked: Asked,
  seen: (done: number, total: number) => void,
): Promise<Imported> {
  const { import: send } = createClient(what === 'clients' ? ClientImports : InvoiceImports, transport);
  const imported: Imported = { lignes: [], remarques: [], bilan: undefined };
  for await (const { lignes, remarques, bilan, traitees, total } of send(asked)) {
    imported.lignes.push(...lignes);
    imported.remarques.push(...remarques);
    imported.bilan = bilan ?? imported.bilan;
    seen(traitees, total);
  }
  return imported;
}
