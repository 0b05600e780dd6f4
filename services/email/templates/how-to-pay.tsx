import { NBSP, howToPay } from '@crm/domain';
import type { ReactNode } from 'react';
import { unbroken } from './formats.ts';
import { Contact, Paragraph, Reference } from './layout.tsx';
import type { Usual } from './template.ts';

type Means = Pick<Usual, 'paiement'>;

/**
 * How to pay, where that is known. The words are a société's own, "par virement …" as well as "Virement : IBAN …":
 * they stand on a line of their own, so that no sentence of ours has to fit around them.
 */
export const CommentRegler = ({ paiement, numero }: Means & { numero?: string | undefined }) =>
  paiement && (
    <Paragraph>
      <strong>Comment régler</strong>
      <br />
      {unbroken(howToPay(paiement))}
      {numero && (
        <>
          <br />
          Référence à rappeler{NBSP}: <Reference>{numero}</Reference>
        </>
      )}
    </Paragraph>
  );

/** Whom to ask. A mail says it once: where nothing says how to pay, that is asked for here, too. */
export const VotreContact = ({
  contact,
  paiement,
  children,
}: Means & Pick<Usual, 'contact'> & { children: ReactNode }) => (
  <Paragraph>
    {paiement ? (
      <>
        {children}
        {NBSP}? Votre contact
      </>
    ) : (
      'Pour savoir comment régler, ou pour toute question, votre contact'
    )}
    {NBSP}: <Contact>{contact}</Contact>
  </Paragraph>
);

/** Whoever has paid in the meantime is not to be alarmed. */
export const DejaRegle = () => (
  <Paragraph>Si vous avez déjà réglé, ne tenez pas compte de ce message.</Paragraph>
);
