import { callUnaryMethod, createConnectQueryKey, useQuery, useTransport } from '@connectrpc/connect-query';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import {
  Button,
  ComboBox,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
} from 'react-aria-components';
import { RechercheService, type GroupeTrouve } from '../../gen/proto/clients/recherche_pb.ts';
import { queryClient } from '../connection.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Icon } from '../ui/icon.tsx';
import { FoundLine } from './found-line.tsx';
import { pathOf } from './path-of.ts';

const PER_KIND = 5;
const LEAST_LETTERS = 2;
const PAUSE_MS = 150;

/** Finds everything; the key `/` leads to it. Enter opens the only thing that was found, or shows all. */
export function SearchBox() {
  const m = useMessages();
  const navigate = useNavigate();
  const transport = useTransport();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const texte = useAfterPause(text.trim());
  const asked = { texte, parGenre: PER_KIND };
  const { data, isPlaceholderData, error } = useQuery(RechercheService.method.rechercher, asked, {
    enabled: texte.length >= LEAST_LETTERS,
    placeholderData: keepPreviousData,
  });
  const groupes = texte.length >= LEAST_LETTERS ? (data?.groupes ?? []).filter(isFound) : [];
  const go = (path: string) => {
    setText('');
    input.current?.blur();
    void navigate({ to: path as '/' });
  };
  const enter = async () => {
    const wanted = text.trim();
    if (!wanted) return;
    const request = { texte: wanted, parGenre: PER_KIND };
    const answer = await queryClient
      .fetchQuery({
        queryKey: createConnectQueryKey({
          ...{ schema: RechercheService.method.rechercher, input: request, transport },
          cardinality: 'finite',
        }),
        queryFn: () => callUnaryMethod(transport, RechercheService.method.rechercher, request),
      })
      .catch(() => undefined);
    const all = (answer?.groupes ?? []).flatMap(({ genre, trouves }) =>
      trouves.map((found) => pathOf(genre, found)),
    );
    const isWhole = answer?.groupes.every(({ indisponible }) => !indisponible) ?? false;
    const [only] = all;
    if (only && all.length === 1 && isWhole) go(only);
    else {
      setText('');
      input.current?.blur();
      void navigate({ to: '/recherche', search: { texte: wanted } });
    }
  };
  return (
    <ComboBox
      className="search"
      aria-label={m.recherche.aide}
      items={groupes}
      inputValue={text}
      onInputChange={setText}
      selectedKey={null}
      onSelectionChange={(key) => key !== null && go(String(key).split(' ')[0]!)}
      allowsCustomValue
      allowsEmptyCollection
      menuTrigger="input"
      onKeyDown={({ key, target }) => {
        if (key === 'Enter' && !(target as Element).getAttribute('aria-activedescendant')) void enter();
        if (key === 'Escape') setText('');
      }}
    >
      <Icon name="search" />
      <Input
        ref={input}
        data-search
        placeholder={m.recherche.quoi}
        maxLength={100}
        autoComplete="off"
        spellCheck="false"
      />
      {text ? (
        <Button slot={null} aria-label={m.fermer} onPress={() => setText('')}>
          <Icon name="close" />
        </Button>
      ) : (
        <kbd aria-hidden="true">/</kbd>
      )}
      <Popover
        className={texte.length < LEAST_LETTERS || error ? 'hidden' : 'popover results'}
        placement="bottom end"
      >
        <ListBox<GroupeTrouve>
          className="list"
          renderEmptyState={() => (
            <p className="quiet nothing">
              {data && !isPlaceholderData ? m.recherche.rien(texte) : m.chargement}
            </p>
          )}
        >
          {({ genre, trouves }) => (
            <ListBoxSection id={`groupe ${genre}`}>
              <Header>{m.recherche.groupes[genre]}</Header>
              {trouves.map((found) => (
                <ListBoxItem
                  key={found.id}
                  // the address comes first: it is what is opened
                  id={`${pathOf(genre, found)} ${genre} ${found.id}`}
                  textValue={`${found.clientNom} ${found.numero}`}
                >
                  <FoundLine found={found} />
                </ListBoxItem>
              ))}
            </ListBoxSection>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

const isFound = ({ trouves }: GroupeTrouve): boolean => trouves.length > 0;

/** A text, when nothing has been written for a moment. */
function useAfterPause(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
