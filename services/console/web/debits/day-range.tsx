import { useNavigate } from '@tanstack/react-router';
import { useMessages } from '../messages/use-messages.ts';
import { DateField } from '../ui/fields.tsx';

type Props = {
  /** As the address says them; empty: no limit. */
  du: string;
  au: string;
  to: '/prelevements/echeances' | '/prelevements/frais' | '/prelevements/representations';
};

/** The first and the last day of a list, kept in the address. */
export function DayRange({ du, au, to }: Props) {
  const m = useMessages();
  const navigate = useNavigate();
  const change = (name: 'du' | 'au') => (day: string) => {
    // a year that is being written is 0002 at first
    if (day && !day.startsWith('20')) return;
    void navigate({ to, search: (before) => ({ ...before, [name]: day || undefined }), replace: true });
  };
  return (
    <div className="day-range">
      <DateField name="du" key={`du ${du}`} label={m.prelevements.du} first={du} change={change('du')} />
      <DateField name="au" key={`au ${au}`} label={m.prelevements.au} first={au} change={change('au')} />
    </div>
  );
}
