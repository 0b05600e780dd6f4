import { useQuery } from '@connectrpc/connect-query';
import { useState } from 'react';
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { OrganisationService } from '../../gen/proto/organisations/organisations_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Icon } from '../ui/icon.tsx';

type Props = { chosen: string; choose: (reference: string) => void };

/**
 * Chooses an organisation by its name; or by a reference that Suivi has not set up, since invoices and clients may name the
 * organisations of another system.
 */
export function OrganisationPicker({ chosen, choose }: Props) {
  const m = useMessages();
  const { data } = useQuery(OrganisationService.method.list, { pageSize: 200 });
  // what others send as organisation_id: its code, else its id
  const items = (data?.organisations ?? []).map(({ id, code, nom }) => ({ id: code || id, nom }));
  const known = items.find(({ id }) => id === chosen);
  const [typed, setTyped] = useState<string>();
  const text = typed ?? known?.nom ?? chosen;
  const take = (reference: string) => {
    setTyped(undefined);
    if (reference && reference !== chosen) choose(reference);
  };
  return (
    <ComboBox
      className="field organisation"
      allowsCustomValue
      menuTrigger="focus"
      items={items}
      inputValue={text}
      onInputChange={setTyped}
      selectedKey={known ? chosen : null}
      onSelectionChange={(key) => {
        if (key !== null) take(String(key));
        else if (typed !== undefined) take(items.find(({ nom }) => nom === typed)?.id ?? typed.trim());
      }}
      onBlur={() => typed !== undefined && take(items.find(({ nom }) => nom === typed)?.id ?? typed.trim())}
    >
      <Label>{m.nav.organisation}</Label>
      <div className="combo">
        <Input className="input" maxLength={100} spellCheck="false" />
        <Button aria-label={m.nav.organisation}>
          <Icon name="down" />
        </Button>
      </div>
      <Popover className="popover">
        <ListBox<(typeof items)[number]> className="list">
          {({ id, nom }) => (
            <ListBoxItem id={id} textValue={nom}>
              <span>{nom}</span>
              <span className="quiet">{id}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
