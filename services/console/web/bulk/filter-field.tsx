import { useEffect, useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';

/** How long after the last key the list is read again. */
const PAUSE_MS = 350;

type Props = { label: string; value: string; change: (text: string) => void; isNumber?: boolean };

/** A text that filters a list of a service: it counts when somebody has stopped writing. */
export function FilterField({ label, value, change, isNumber = false }: Props) {
  const [typed, setTyped] = useState<string>();
  useEffect(() => {
    if (typed === undefined) return;
    const later = setTimeout(() => {
      setTyped(undefined);
      if (typed !== value) change(typed);
    }, PAUSE_MS);
    return () => clearTimeout(later);
  });
  return (
    <TextField className={isNumber ? 'field short' : 'field'} value={typed ?? value} onChange={setTyped}>
      <Label>{label}</Label>
      <Input className="input" maxLength={100} {...(isNumber && { inputMode: 'decimal' })} />
    </TextField>
  );
}
