import { useSyncExternalStore } from 'react';

/** Who has signed in, and how one does. */
export type Session = { nom: string | null; local: boolean };

let ended = false;
const listeners = new Set<() => void>();

/** The server says that nobody is signed in any more: the page stays as it is, and asks to sign in again. */
export const sessionEnded = (): void => set(true);
export const sessionGoesOn = (): void => set(false);

function set(value: boolean): void {
  if (ended === value) return;
  ended = value;
  for (const listener of listeners) listener();
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );

/** @throws Error if the server does not answer */
export async function readSession(): Promise<Session> {
  const response = await fetch('/auth/session');
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()) as Session;
}
