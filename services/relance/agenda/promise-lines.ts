import { startOfDay } from '@crm/domain';
import { GenreEcheance, type EcheanceAgenda } from '@crm/proto/relance/agenda';
import { attenteInWords } from '../attente-in-words.ts';
import { promisedOf, type AttenteRow } from '../attente-rows.ts';
import { numeroOf } from './open-invoices.ts';
import { isWithin, lineOfDay, type Window } from './line.ts';
import type { Invoices } from '../read-invoices.ts';

/** The payments that clients have promised, on their days. One that has not come is late until it is judged. */
export function promiseLines(open: AttenteRow[], invoices: Invoices, window: Window): EcheanceAgenda[] {
  const lines = open.flatMap((hold) => {
    const { id: attenteId, organisationId, clientId, invoiceIds, motif } = hold;
    const promised = promisedOf(hold);
    const [only = '', ...others] = invoiceIds;
    const invoiceId = others.length > 0 ? '' : only;
    const about = aboutInWords(invoiceIds, invoices);
    return promised.flatMap(({ date, montant, retardLe }, index) => {
      // judged: it was paid, or the bank has a debit for it, which has its own line
      if (hold.jugementAt && startOfDay(retardLe) < hold.jugementAt) return [];
      return lineOfDay(window, date, {
        ...{ genre: GenreEcheance.PROMESSE_ATTENDUE, organisationId, clientId, invoiceId, attenteId },
        libelle: `${promised.length > 1 ? `Échéance ${index + 1}/${promised.length} promise` : 'Paiement promis'} ${about}`,
        montant,
        pourquoi: `${attenteInWords(hold)}: ${motif}`,
        arret: 'règlement, levée de la promesse',
        numero: index + 1,
      });
    });
  });
  return lines.filter((one) => isWithin(window, one));
}

function aboutInWords(invoiceIds: string[], invoices: Invoices): string {
  if (invoiceIds.length === 0) return 'pour toutes les factures du client';
  if (invoiceIds.length > 1) return `pour ${invoiceIds.length} factures`;
  return `pour la facture ${numeroOf(invoices, invoiceIds[0]!)}`;
}
