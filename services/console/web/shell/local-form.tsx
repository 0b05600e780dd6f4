import { useState, type FormEvent } from 'react';
import { Button, FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { OURS } from '../connection.ts';
import { useMessages } from '../messages/use-messages.ts';

const KEPT = 'suivi.nom';

/** Signs in by a name, on a local platform. */
export function LocalForm({ signedIn }: { signedIn: () => unknown }) {
  const m = useMessages();
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('nom');
    const nom = typeof given === 'string' ? given : '';
    setBusy(true);
    try {
      const response = await fetch('/auth/local', {
        method: 'POST',
        headers: { ...OURS, 'content-type': 'application/json' },
        body: JSON.stringify({ nom }),
      });
      if (response.ok) {
        localStorage.setItem(KEPT, nom);
        await signedIn();
      } else setFault(response.status === 400 ? m.connexion.nomInvalide : m.connexion.erreurs.serveur);
    } catch {
      setFault(m.connexion.erreurs.serveur);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => void submit(event)}
      validationErrors={fault ? { nom: fault } : {}}
    >
      <TextField
        name="nom"
        defaultValue={localStorage.getItem(KEPT) ?? 'alice'}
        isRequired
        autoFocus
        autoComplete="username"
        className="field"
      >
        <Label>{m.connexion.nom}</Label>
        <Input className="input" />
        <Text slot="description" className="quiet">
          {m.connexion.nomAide}
        </Text>
        <FieldError className="fault" />
      </TextField>
      <Button type="submit" className="button primary" isPending={busy}>
        {m.connexion.entrer}
      </Button>
    </Form>
  );
}
