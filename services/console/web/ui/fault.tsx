import { FieldError, type ValidationResult } from 'react-aria-components';
import { day } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';

type Props = {
  /** The first and the last possible day of a date. */
  from?: string;
  to?: string;
};

/** What is wrong with a field, in our own words: those of the browser are in the browser's language. */
export function Fault({ from, to }: Props) {
  const m = useMessages();
  const inWords = ({ validationDetails: found, validationErrors }: ValidationResult): string => {
    if (found.customError) return validationErrors.join(' ; ');
    if (found.valueMissing) return m.champs.obligatoire;
    if (found.rangeUnderflow && from) return m.champs.pasAvant(day(from));
    if (found.rangeOverflow && to) return m.champs.pasApres(day(to));
    if (found.typeMismatch) return m.champs.invalide;
    return validationErrors.join(' ; ');
  };
  return <FieldError className="fault">{inWords}</FieldError>;
}
