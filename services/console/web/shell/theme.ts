export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT = 'suivi.apparence';

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return THEMES.find((known) => known === kept) ?? 'auto';
}

/** Light, dark, or as the system has it. */
export function applyTheme(chosen: Theme = theme()): void {
  localStorage.setItem(KEPT, chosen);
  document.documentElement.dataset.theme = chosen;
}
