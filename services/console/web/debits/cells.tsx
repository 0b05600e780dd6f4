import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useMessages } from '../messages/use-messages.ts';
import { useReasons, type Names } from './names.ts';

/** The name of a client, which leads to his page. */
export function ClientName({ id, names }: { id: string; names: Names }) {
  return (
    <Link to="/clients/$id" params={{ id }}>
      {names.client(id)}
    </Link>
  );
}

/** What a debit is for: its invoice, or else its contract. */
export function Subject({
  debit: { invoiceId, contratId = '' },
  names,
}: {
  debit: { invoiceId: string; contratId?: string };
  names: Names;
}) {
  const m = useMessages();
  const numero = names.invoice(invoiceId);
  if (numero)
    return (
      <Link to="/factures/$id" params={{ id: invoiceId }}>
        {m.prelevements.facture(numero)}
      </Link>
    );
  const reference = names.contract(contratId);
  if (reference) return m.prelevements.contrat(reference);
  return <span className="quiet">{invoiceId || contratId || m.prelevements.sansObjet}</span>;
}

/** The code of a rejection, and what it means. */
export function Reason({ code }: { code: string }) {
  const m = useMessages();
  const reason = useReasons().get(code);
  if (!code) return null;
  return (
    <>
      <strong>{code}</strong>
      {reason && (
        <>
          {' '}
          {reason.libelle}
          <span className="quiet below">{m.prelevements.classes[reason.classe]}</span>
        </>
      )}
    </>
  );
}

/** A cell of two lines. */
export const Lines = ({ children, below }: { children: ReactNode; below?: ReactNode }) => (
  <>
    {children}
    {below && <span className="quiet below">{below}</span>}
  </>
);
