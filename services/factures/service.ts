import { chronologie, penaltySpec } from '@crm/domain';
import { entity, implement, orUndefined, service } from '@crm/kit';
import { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import {
  ChronologieServiceService,
  CreditNote,
  InvoiceServiceService,
  TotalTva,
} from '@crm/proto/factures/factures';
import { FaitServiceService } from '@crm/proto/factures/faits';
import { ImportServiceService } from '@crm/proto/factures/imports';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { amountsReceived } from './amounts-received.ts';
import { factureLines } from './chronologie.ts';
import { createCreditNote } from './create-credit-note.ts';
import { createInvoice } from './create-invoice.ts';
import { importInvoices } from './import/import-invoices.ts';
import { downloadCreditNotePdf, downloadMiseEnDemeurePdf, downloadPdf } from './download-pdf.ts';
import { listFaits } from './list-faits.ts';
import { listInvoices } from './list-invoices.ts';
import { markAsPaid } from './mark-as-paid.ts';
import { partiesOfRow } from './parties.ts';
import { readRow, toInvoice } from './to-invoice.ts';
import { searchInvoices } from './search-invoices.ts';
import { updateInvoice } from './update-invoice.ts';

/** A file has at most 4 MiB (imports.proto); the rest is for the other fields. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024 + 64 * 1024;

export default service(
  'factures',
  ({ db, config, call, log }) => {
    const payments = call('payments', PaymentServiceService);
    const received = amountsReceived(payments);
    const creditNote = entity(db, {
      model: 'avoir',
      plural: 'creditNotes',
      message: CreditNote,
      derived: ({ tva, emetteur, destinataire }) => ({
        tva: (tva as unknown[]).map((total) => TotalTva.fromJSON(total)),
        ...partiesOfRow({ emetteur, destinataire }),
      }),
    });
    const directory = {
      adresses: call('clients', AdresseServiceService),
      clients: call('clients', ClientBaseServiceService),
      societes: call('organisations', SocieteServiceService),
    };
    const register = {
      ...directory,
      organisations: call('organisations', OrganisationServiceService),
      contrats: call('contrats', ContratServiceService),
    };
    const relances = call('relance', RelanceServiceService);
    const tellReminders = (id: string) =>
      orUndefined(relances.replanifier({ id })).catch((err: unknown) => {
        log.warn(
          { err, invoiceId: id },
          'reminders not told of a credit note: they look again by themselves',
        );
      });
    return [
      implement(InvoiceServiceService, {
        create: createInvoice(register),
        get: async ({ id }) => {
          const row = await readRow(db, id);
          return toInvoice(row, (await received([id]))(id));
        },
        list: listInvoices(db, received),
        search: searchInvoices(db, received, creditNote),
        update: updateInvoice(db, received, relances),
        markAsPaid: markAsPaid(db, received, relances),
        createCreditNote: createCreditNote(db, creditNote, register, tellReminders),
        getCreditNote: creditNote.get,
        listCreditNotes: creditNote.list,
        downloadPdf: downloadPdf(db, config, directory),
        downloadCreditNotePdf: downloadCreditNotePdf(db, creditNote, directory),
        downloadMiseEnDemeurePdf: downloadMiseEnDemeurePdf(db, config, directory, received, payments),
      }),
      implement(ChronologieServiceService, { list: chronologie(factureLines(db)) }),
      implement(FaitServiceService, listFaits(db)),
      implement(ImportServiceService, importInvoices(db, { ...register, lister: register.clients })),
    ];
  },
  penaltySpec,
  { largeRequests: new Map([[ImportServiceService.import.path, MAX_REQUEST_BYTES]]) },
);
