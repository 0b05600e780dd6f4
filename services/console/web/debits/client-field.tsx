import { useQuery } from '@connectrpc/connect-query';
import { useDeferredValue, useState } from 'react';
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { ClientBaseService } from '../../gen/proto/clients/clients_pb.ts';
import { nameOf } from '../clients.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Fault } from '../ui/fault.tsx';

const MOST = 20;

/** A client, found by a part of the name or of what else people know; the form gets the id under `clientId`. */
export function ClientField({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const { client, clientAide, aucunClient } = m.prelevements.mandats.champs;
  const [written, setWritten] = useState('');
  const texte = useDeferredValue(written.trim());
  const { data } = useQuery(
    ClientBaseService.method.search,
    { texte, organisationId, pageSize: MOST },
    { enabled: texte.length > 0, placeholderData: (before) => before },
  );
  const items = (data?.clients ?? []).map((one) => ({
    ...{ id: one.id, nom: nameOf(one), email: one.email, organisation: one.organisationId },
  }));
  return (
    <ComboBox
      className="field"
      name="clientId"
      formValue="key"
      isRequired
      autoFocus
      items={items}
      // the service has searched
      defaultFilter={() => true}
      // it is open before the answer has come
      allowsEmptyCollection
      inputValue={written}
      onInputChange={setWritten}
    >
      <Label>{client}</Label>
      <Input className="input" autoComplete="off" />
      <Text slot="description" className="quiet">
        {clientAide}
      </Text>
      <Fault />
      <Popover className="popover">
        <ListBox<(typeof items)[number]>
          className="list"
          renderEmptyState={() => <p className="quiet">{texte && data ? aucunClient : clientAide}</p>}
        >
          {({ id, nom, email, organisation }) => (
            <ListBoxItem id={id} textValue={nom}>
              <span>{nom}</span>
              <span className="quiet">{organisationId ? email : organisation}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
