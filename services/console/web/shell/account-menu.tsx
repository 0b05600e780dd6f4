import { useState } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { OURS, queryClient } from '../connection.ts';
import { chooseLanguage, languages, useLanguage, useMessages } from '../messages/use-messages.ts';
import { Icon } from '../ui/icon.tsx';
import { applyTheme, theme, THEMES, type Theme } from './theme.ts';

/** Who is signed in; appearance, language, and the way out. */
export function AccountMenu({ nom }: { nom: string }) {
  const m = useMessages();
  const language = useLanguage();
  const [appearance, setAppearance] = useState(theme);
  return (
    <MenuTrigger>
      <Button className="account" aria-label={m.nav.compte(nom)}>
        <span aria-hidden="true">{initials(nom)}</span>
        <span className="name">{nom}</span>
        <Icon name="down" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" aria-label={m.nav.compte(nom)}>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[appearance]}
            onSelectionChange={(keys) => {
              const [chosen] = keys as Set<Theme>;
              if (!chosen) return;
              applyTheme(chosen);
              setAppearance(chosen);
            }}
          >
            <Header>{m.nav.theme}</Header>
            {THEMES.map((id) => (
              <MenuItem key={id} id={id}>
                {m.nav.themes[id]}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuSection
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[language]}
            onSelectionChange={(keys) => {
              const [chosen] = keys as Set<typeof language>;
              if (chosen) chooseLanguage(chosen);
            }}
          >
            <Header>{m.nav.langue}</Header>
            {languages.map(({ id, langue }) => (
              <MenuItem key={id} id={id}>
                {langue}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuItem id="out" className="out" onAction={() => void signOut()}>
            {m.nav.deconnexion}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

async function signOut(): Promise<void> {
  await fetch('/auth/sign-out', { method: 'POST', headers: OURS });
  queryClient.clear();
  location.assign('/connexion');
}

const initials = (nom: string): string =>
  nom
    .split(/[\s._@-]+/)
    .slice(0, 2)
    .map(([letter = '']) => letter.toUpperCase())
    .join('');
