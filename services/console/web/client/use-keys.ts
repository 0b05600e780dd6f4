import { useEffect, useRef } from 'react';

/**
 * Letters that do something, as long as nobody writes, chooses or has a dialog open, and no other key is held.
 * @param isOn whether they do
 */
export function useKeys(keys: Record<string, () => void>, isOn: boolean): void {
  const now = useRef(keys);
  useEffect(() => {
    now.current = keys;
  });
  useEffect(() => {
    if (!isOn) return;
    const pressed = (event: KeyboardEvent) => {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      const act = now.current[key];
      if (!act || ctrlKey || metaKey || altKey || event.defaultPrevented) return;
      if (target instanceof Element && target.closest(WRITES)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [isOn]);
}

/** Where a letter means itself. */
const WRITES =
  'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
