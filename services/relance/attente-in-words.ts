import { formatDate, formatEuros, todayInParis } from '@crm/domain';
import { GenreAttente } from '@crm/proto/relance/attentes';
import { promisedOf, type AttenteRow } from './attente-rows.ts';

type Told = Pick<AttenteRow, 'genre' | 'motif' | 'auteur' | 'jusquAu' | 'montant' | 'echeances'>;

/**
 * A hold in words: "promesse de 1 200,00 € pour le 3 juillet 2026 (par alice)".
 * @param today YYYY-MM-DD: of instalments, the next one is told
 */
export function attenteInWords(hold: Told, today = todayInParis()): string {
  const by = hold.auteur.startsWith('service:') ? '' : ` (par ${hold.auteur})`;
  const until = hold.jusquAu && ` jusqu’au ${formatDate(hold.jusquAu)}`;
  switch (hold.genre as GenreAttente) {
    case GenreAttente.PROMESSE:
      return `promesse de ${formatEuros(hold.montant)} pour le ${formatDate(hold.jusquAu)}${by}`;
    case GenreAttente.ECHEANCIER: {
      const promised = promisedOf(hold);
      const next = promised.find(({ date }) => date >= today) ?? promised.at(-1)!;
      const whole = `échéancier de ${formatEuros(hold.montant)} en ${promised.length} fois`;
      return `${whole}, échéance de ${formatEuros(next.montant)} le ${formatDate(next.date)}${by}`;
    }
    case GenreAttente.LITIGE:
      return `litige${until}: ${hold.motif}${by}`;
    case GenreAttente.SUR_ACCORD:
      return `relance sur accord${until}: ${hold.motif}${by}`;
    default:
      return hold.motif;
  }
}
