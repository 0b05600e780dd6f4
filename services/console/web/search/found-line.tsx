import type { Trouve } from '../../gen/proto/clients/recherche_pb.ts';
import { amount, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';

/** By what people recognise something that was found. */
export function FoundLine({ found }: { found: Trouve }) {
  const m = useMessages();
  const { clientNom, numero, montant, statut, date, precision, organisationNom, organisationId } = found;
  const about = [precision, date && shortDay(date), organisationNom || organisationId].filter(Boolean);
  return (
    <span className="found-line">
      <span className="what">
        {numero && clientNom ? `${clientNom} · ${numero}` : clientNom || numero || m.recherche.clientInconnu}
      </span>
      <span className="quiet about">{about.join(' · ')}</span>
      {montant > 0n && <span className="amount">{amount(montant)}</span>}
      {statut && <span className="mark">{m.recherche.statuts[statut] ?? statut}</span>}
    </span>
  );
}
