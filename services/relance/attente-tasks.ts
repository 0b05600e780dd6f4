import { channelInWords, clientName, formatDate, formatEuros, levelInWords } from '@crm/domain';
import { cutText, orUndefined, type Connected } from '@crm/kit';
import type { TacheServiceService } from '@crm/proto/activites/activites';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { Invoice } from '@crm/proto/factures/factures';
import { ResultatAttente } from '@crm/proto/relance/attentes';
import type { NiveauRelance } from '@crm/proto/relance/relance';
import { attenteInWords } from './attente-in-words.ts';
import type { AttenteRow } from './attente-rows.ts';
import { turnOf } from './plan-next-send.ts';
import type { RelanceRow } from './relance-rows.ts';

/** The services that a task needs; called with the caller's own token. */
export type TaskSources = {
  taches: Pick<Connected<typeof TacheServiceService>, 'create'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
};

const TITLE_CHARACTERS = 200;
const MOST_INVOICES = 20;
const DUE_MS = 86_400_000;

/** The tasks of account managers that follow from holds. Each is made once, however often this is called. */
export function attenteTasks({ taches, clients }: TaskSources) {
  async function make(
    { organisationId, clientId }: AttenteRow,
    origine: string,
    textOf: (name: string) => { titre: string; lines: string[] },
  ): Promise<void> {
    const client = await orUndefined(clients.get({ id: clientId }));
    const { titre, lines } = textOf(client ? clientName(client) : clientId);
    await taches.create({
      organisationId,
      clientId: client ? clientId : '',
      assigneA: client?.gestionnaireId ?? '',
      titre: cutText(titre, TITLE_CHARACTERS),
      description: lines.join('\n'),
      echeance: new Date(Date.now() + DUE_MS),
      origine,
    });
  }
  return {
    /**
     * A promise was broken, or the last day of a hold is over.
     * @param open the invoices that it was about, of which something is left to pay
     */
    async ended(hold: AttenteRow, open: Pick<Invoice, 'numero' | 'restantDu'>[]): Promise<void> {
      const isBroken = hold.resultat === ResultatAttente.ATTENTE_ROMPUE;
      await make(hold, `attente/${hold.id}/${isBroken ? 'rompue' : 'terme'}`, (name) => ({
        titre: isBroken ? `Promesse non tenue: ${name}` : `Fin de l’attente: ${name}`,
        lines: [
          `${attenteInWords(hold)}: ${hold.leveeMotif}.`,
          `Motif noté le ${formatDate(hold.createdAt)}: ${hold.motif}`,
          ...(open.length > 0 ? [`Reste dû: ${leftInWords(open)}.`] : []),
          'Les relances reprennent à la prochaine ouverture, si rien d’autre ne les retient.',
        ],
      }));
    },
    /** A level has become due that is sent on approval only. */
    async ask(
      hold: AttenteRow,
      row: RelanceRow,
      level: NiveauRelance,
      { numero, restantDu }: { numero: string; restantDu: bigint },
    ): Promise<void> {
      await make(hold, `attente/${hold.id}/${turnOf(row, level.niveau)}`, (name) => ({
        titre: `Relancer ${name} ? Facture ${numero}`,
        lines: [
          `${levelInWords(level)} (${channelInWords(level)}) est due: ${formatEuros(restantDu)} de la facture ${numero}.`,
          `Rien ne part sans accord: ${attenteInWords(hold)}.`,
          `Pour envoyer ce niveau: ops send-now ${numero} (relance.RelanceService/SendNow, id ${row.invoiceId}). Pour ne plus demander: ops holds lift ${hold.id}.`,
        ],
      }));
    },
  };
}

/** "F-2026-0042: 120,00 €, F-2026-0043: 80,00 €", not more than a person reads. */
function leftInWords(open: Pick<Invoice, 'numero' | 'restantDu'>[]): string {
  const told = open.map(({ numero, restantDu }) => `${numero}: ${formatEuros(restantDu)}`).sort();
  const all = told.length > MOST_INVOICES ? `, … (${told.length} factures)` : '';
  return `${told.slice(0, MOST_INVOICES).join(', ')}${all}`;
}

export type AttenteTasks = ReturnType<typeof attenteTasks>;
