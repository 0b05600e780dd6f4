import { NBSP, howToPay } from '@crm/domain';
import type { ReactNode } from 'react';
import { unbroken } from './formats.ts';
import { Contact, Paragraph, Reference } from './layout.tsx';
import type { Usual } from './template.ts';

type Means = Pick<Usual, 'paiement'>;

/**
 * How to pay, if known. The société's own words may be "par virement …" or "Virement : IBAN …", so they are
 * on a line of their own, and no sentence of ours has to fit them.
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

/**
 * The contact for questions, mentioned once in a mail. If no payment instructions are known, they can be
 * asked for here.
 */
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

/** Reassures readers who have paid in the meantime. */
export const DejaRegle = () => (
  <Paragraph>Si vous avez déjà réglé, ne tenez pas compte de ce message.</Paragraph>
);
