import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMessages } from '../messages/use-messages.ts';
import { ReadDialog } from '../ui/read-dialog.tsx';

/** After `g`, each room by a letter. */
const GO: Record<string, string> = {
  ...{ a: '/', c: '/clients', p: '/prelevements' },
  ...{ r: '/regles', h: '/chiffres', e: '/exploitation' },
};
const G_MS = 1_500;

/** The keys of every page: `/` searches, `g` and a letter goes to a room, `?` tells which keys there are. */
export function Keyboard() {
  const m = useMessages();
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    let saidG = 0;
    const onKey = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (at.isContentEditable || at.closest('input:not([type=checkbox]), textarea, select, [role=dialog]'))
        return;
      const room = Date.now() - saidG < G_MS ? GO[event.key] : undefined;
      saidG = event.key === 'g' ? Date.now() : 0;
      if (room && room in router.routesByPath) void router.navigate({ to: room as '/' });
      else if (event.key === '/') document.querySelector<HTMLElement>('[data-search]')?.focus();
      else if (event.key === '?') setOpen(true);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [router]);
  if (!isOpen) return null;
  return (
    <ReadDialog title={m.clavier.titre} close={() => setOpen(false)}>
      <dl className="keys">
        {m.clavier.touches.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </ReadDialog>
  );
}
