import { useSyncExternalStore } from 'react';

let said = '';
const listeners = new Set<() => void>();
let silence: ReturnType<typeof setTimeout> | undefined;
const SHOWN_MS = 6_000;

/** Says, for some seconds, what has just been done; screen readers read it out. */
export function say(text: string): void {
  said = text;
  clearTimeout(silence);
  silence = setTimeout(() => say(''), SHOWN_MS);
  for (const listener of listeners) listener();
}

export function Said() {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
  return (
    <div className="said" role="status">
      {text && <p>{text}</p>}
    </div>
  );
}
