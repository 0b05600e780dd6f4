import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Button, Input, SearchField } from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { Icon } from '../ui/icon.tsx';

/** The search field of every page: an invoice by its number. The key `/` leads to it. */
export function FindInvoice() {
  const m = useMessages();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || at.closest('input, textarea, [role=dialog]'))
        return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);
  return (
    <SearchField
      className="search"
      aria-label={m.nav.chercherAide}
      onSubmit={(text) =>
        void (text.trim() && navigate({ to: '/factures', search: { numero: text.trim() } }))
      }
    >
      <Icon name="search" />
      <Input ref={input} placeholder={m.nav.chercher} maxLength={30} autoComplete="off" spellCheck="false" />
      <kbd aria-hidden="true">/</kbd>
      <Button aria-label={m.fermer}>
        <Icon name="close" />
      </Button>
    </SearchField>
  );
}
