import { useSyncExternalStore } from 'react';
import { en } from './en.ts';
import { fr, type Messages } from './fr.ts';

export type Language = 'fr' | 'en';

const KEPT = 'suivi.langue';
const LANGUAGES: Record<Language, Messages> = { fr, en };
const listeners = new Set<() => void>();
let current: Language = localStorage.getItem(KEPT) === 'en' ? 'en' : 'fr';
document.documentElement.lang = current;

/** The languages, each under its own name. */
export const languages = Object.entries(LANGUAGES).map(([id, { langue }]) => ({
  id: id as Language,
  langue,
}));

/** The language that was chosen; French at first. */
export const language = (): Language => current;

export function chooseLanguage(chosen: Language): void {
  current = chosen;
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen;
  for (const listener of listeners) listener();
}

/** The words of the pages in the chosen language. */
export function useMessages(): Messages {
  return LANGUAGES[useLanguage()];
}

export const useLanguage = (): Language =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
