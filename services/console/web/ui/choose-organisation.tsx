import { Link } from '@tanstack/react-router';
import { useMessages } from '../messages/use-messages.ts';

/** In the place of a page that is about one organisation, as long as none is chosen. */
export function ChooseOrganisation() {
  const m = useMessages();
  return (
    <div className="panel empty-page">
      <h2>{m.nav.choisir}</h2>
      <p className="quiet">{m.nav.choisirAide}</p>
      <Link className="link" to="/demarrage">
        {m.demarrage.commencerOu}
      </Link>
    </div>
  );
}
