import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';

/** A page that could not be read at all. */
export function FailedPage({ error }: ErrorComponentProps) {
  return (
    <main className="lonely">
      <Failure error={error} retry={() => location.reload()} />
    </main>
  );
}

/** An address that is no page. */
export function MissingPage() {
  const m = useMessages();
  return (
    <main className="lonely">
      <h1>{m.erreurs.page}</h1>
      <Link className="link" to="/">
        {m.erreurs.retourAccueil}
      </Link>
    </main>
  );
}
