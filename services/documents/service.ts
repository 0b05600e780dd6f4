import { join } from 'node:path';
import { implement, service } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { PieceJointeServiceService } from '@crm/proto/documents/documents';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { str } from 'envalid';
import { fileStore } from './file-store.ts';
import { piecesJointes } from './pieces-jointes.ts';

/** A file has at most 10 MiB (documents.proto); the rest is for the other fields. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024 + 64 * 1024;

export default service(
  'documents',
  ({ db, config, log, call }) => {
    const register = {
      organisations: call('organisations', OrganisationServiceService),
      clients: call('clients', ClientBaseServiceService),
      contrats: call('contrats', ContratServiceService),
      factures: call('factures', InvoiceServiceService),
      payments: call('payments', PaymentServiceService),
    };
    const files = fileStore(join(config.DATA_DIR, 'documents'));
    files.discardAbandoned().catch((err: unknown) => log.warn({ err }, 'abandoned files not discarded'));
    return [implement(PieceJointeServiceService, piecesJointes(db, files, log, register))];
  },
  {
    DATA_DIR: str({ default: '.data', desc: 'Folder of what is kept in files; documents are in documents/' }),
  },
  { largeRequests: new Map([[PieceJointeServiceService.create.path, MAX_REQUEST_BYTES]]) },
);
