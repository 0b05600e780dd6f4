import { Link, useRouter } from '@tanstack/react-router';
import { useMessages } from '../messages/use-messages.ts';

/** The rooms in the order of the day: the address of each, and its name in the catalogue. */
const ROOMS = [
  ['/', 'aujourdhui'],
  ['/clients', 'clients'],
  ['/actions-groupees', 'lots'],
  ['/prelevements', 'prelevements'],
  ['/regles', 'regles'],
  ['/chiffres', 'chiffres'],
  ['/exploitation', 'exploitation'],
] as const;

/** The way to every room. */
export function Rooms() {
  const m = useMessages();
  const { routesByPath } = useRouter();
  return (
    <nav className="rooms" aria-label={m.nav.titre}>
      {ROOMS.filter(([to]) => to in routesByPath).map(([to, name]) => (
        <Link
          key={to}
          to={to as '/'}
          className="tab"
          activeOptions={{ exact: to === '/', includeSearch: false }}
        >
          {m.nav[name]}
        </Link>
      ))}
    </nav>
  );
}
