import { Link, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { TextField } from './fields.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Icon } from './icon.tsx';

/** A view by a name of one's own: the address says all of it. */
type View = { nom: string; href: string };

/**
 * The views of a room that somebody has kept in this browser, and keeping the present one.
 *
 * @param room - the name under which they are kept
 */
export function SavedViews({ room }: { room: string }) {
  const m = useMessages();
  const { href } = useLocation();
  const key = `suivi.vues.${room}`;
  const [views, setViews] = useState(() => readViews(key));
  const [isOpen, setOpen] = useState(false);
  const keep = (changed: View[]) => {
    localStorage.setItem(key, JSON.stringify(changed));
    setViews(changed);
  };
  return (
    <div className="views" role="group" aria-label={m.vues.titre}>
      {views.map((view) => (
        <span key={view.nom} className={view.href === href ? 'view shown' : 'view'}>
          <Link to={view.href.split('?')[0]! as '/'} search={parameters(view.href)}>
            {view.nom}
          </Link>
          <Button
            aria-label={m.vues.oublier(view.nom)}
            onPress={() => keep(views.filter(({ nom }) => nom !== view.nom))}
          >
            <Icon name="close" />
          </Button>
        </span>
      ))}
      <Button className="button plain" onPress={() => setOpen(true)}>
        {m.vues.garder}
      </Button>
      {isOpen && (
        <FormDialog
          title={m.vues.garder}
          effect={m.vues.aide}
          button={m.vues.garder}
          done={m.vues.gardee}
          close={() => setOpen(false)}
          send={async (values) => {
            const nom = values.line('nom');
            keep([...views.filter((view) => view.nom !== nom), { nom, href }]);
            return await Promise.resolve(nom);
          }}
        >
          <TextField name="nom" label={m.vues.nom} isRequired autoFocus maxLength={60} />
        </FormDialog>
      )}
    </div>
  );
}

/** What the router writes into an address, as it reads it. */
const parameters = (href: string): Record<string, unknown> =>
  Object.fromEntries(
    [...new URLSearchParams(href.split('?')[1] ?? '')].map(([name, value]) => [name, readValue(value)]),
  );

function readValue(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readViews(key: string): View[] {
  const kept: unknown = readValue(localStorage.getItem(key) ?? '[]');
  return Array.isArray(kept) ? (kept as View[]).filter(({ nom, href }) => nom && href.startsWith('/')) : [];
}
