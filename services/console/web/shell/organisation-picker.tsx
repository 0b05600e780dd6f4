import { useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisations } from '../organisations.ts';
import { Icon } from '../ui/icon.tsx';
import { useOrganisation } from './organisation.ts';

/** The key of "all": no reference is written like this. */
const ALL = '*';

/**
 * Chooses the organisation of all pages by its name; or by a reference that Suivi has not set up, since invoices and clients
 * may name the organisations of another system.
 */
export function OrganisationPicker() {
  const m = useMessages();
  const { org, choose } = useOrganisation();
  const organisations = useOrganisations() ?? [];
  const items = [
    { id: ALL, nom: m.nav.toutes, code: '' },
    // what others send as organisation_id: its code, else its id
    ...organisations.map(({ id, code, nom }) => ({ id: code || id, nom, code: code === id ? '' : code })),
  ];
  // it may be in the address by its other name
  const asked = organisations.find(({ id }) => id === org)?.code || org || ALL;
  const known = items.find(({ id }) => id === asked);
  const [typed, setTyped] = useState<string>();
  const take = (reference: string) => {
    setTyped(undefined);
    const chosen = reference === ALL ? '' : reference;
    if (chosen !== org) choose(chosen);
  };
  const takeTyped = () => {
    const text = typed?.trim().toLowerCase() ?? '';
    const found = items.filter(({ nom, id }) => `${nom} ${id}`.toLowerCase().includes(text));
    const named = found.find(({ nom }) => nom.toLowerCase() === text) ?? (found.length === 1 && found[0]);
    if (text) take(named ? named.id : (typed?.trim() ?? ''));
  };
  return (
    <ComboBox
      className="organisation"
      allowsCustomValue
      menuTrigger="input"
      defaultItems={items}
      inputValue={typed ?? known?.nom ?? org}
      onInputChange={setTyped}
      // the text is what is chosen: with a key, the first letter that somebody writes would be taken away again
      selectedKey={null}
      onSelectionChange={(key) => key !== null && take(String(key))}
      onKeyDown={({ key, target }) => {
        if (key === 'Escape') setTyped(undefined);
        else if (key === 'Enter' && !(target as Element).getAttribute('aria-activedescendant')) takeTyped();
      }}
      onBlur={() => setTyped(undefined)}
    >
      <Label className="hidden">{m.nav.organisation}</Label>
      <div className="combo">
        <Input
          className="input"
          maxLength={100}
          spellCheck="false"
          title={m.nav.toutesVisibles}
          onFocus={({ target }) => target.select()}
        />
        <Button aria-label={m.nav.organisation}>
          <Icon name="down" />
        </Button>
      </div>
      <Popover className="popover">
        <ListBox<(typeof items)[number]> className="list">
          {({ id, nom, code }) => (
            <ListBoxItem id={id} textValue={nom}>
              <span>{nom}</span>
              <span className="quiet">{code}</span>
            </ListBoxItem>
          )}
        </ListBox>
        <p className="quiet hint picker-hint">{m.nav.toutesVisibles}</p>
      </Popover>
    </ComboBox>
  );
}
