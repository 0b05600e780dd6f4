import '../style/debits.css';
import { Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useMessages } from '../messages/use-messages.ts';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';

/** The parts of the page about debits, in the order in which a debit goes through them. */
const PARTS = [
  ['/prelevements', 'remise'],
  ['/prelevements/echeances', 'echeances'],
  ['/prelevements/fichiers', 'fichiers'],
  ['/prelevements/rapports', 'rapports'],
  ['/prelevements/lignes', 'lignes'],
  ['/prelevements/representations', 'representations'],
  ['/prelevements/mandats', 'mandats'],
  ['/prelevements/frais', 'frais'],
] as const;

/** Everything about debits: what goes to the bank, what comes back, and what follows. */
export function DebitsFrame() {
  const m = useMessages();
  useTitle(m.prelevements.titre);
  return (
    <div className="debits">
      <header className="debits-head">
        <h1>{m.prelevements.titre}</h1>
        <nav className="parts" aria-label={m.prelevements.parties}>
          {PARTS.map(([to, name]) => (
            <Link
              key={to}
              to={to}
              search={(before) => ({ ...(before.org !== undefined && { org: before.org }) })}
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {m.prelevements.onglets[name]}
            </Link>
          ))}
        </nav>
      </header>
      <Suspense fallback={<Waiting lines={8} />}>
        <Outlet />
      </Suspense>
    </div>
  );
}
