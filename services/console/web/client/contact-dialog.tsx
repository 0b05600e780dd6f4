import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { ActiviteService, TypeActivite } from '../../gen/proto/activites/activites_pb.ts';
import type { Client } from '../../gen/proto/clients/clients_pb.ts';
import { nameOf } from '../clients.ts';
import { useMessages } from '../messages/use-messages.ts';
import { TextField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';

/** What somebody writes down. */
export type Contact = 'note' | 'appel';

const TYPES: Record<Contact, TypeActivite> = { note: TypeActivite.NOTE, appel: TypeActivite.APPEL };
const MOST = 5_000;

/** Writes a note or a call down, under the name of whoever has signed in. */
export function ContactDialog({
  contact,
  client,
  close,
}: {
  contact: Contact;
  client: Client;
  close: () => void;
}) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const words = m.client.contacts[contact];
  return (
    <FormDialog
      title={words.titre(nameOf(client))}
      {...(contact === 'appel' && client.telephone && { effect: client.telephone })}
      button={words.bouton}
      done={words.fait}
      close={close}
      send={async (values, once) => {
        const { id: clientId, organisationId } = client;
        const given = { organisationId, clientId, type: TYPES[contact], resume: values.text('resume') };
        return await callUnaryMethod(transport, ActiviteService.method.create, given, once(given));
      }}
      readAgain={() => queries.invalidateQueries()}
    >
      <TextField name="resume" label={words.texte} lines={5} maxLength={MOST} isRequired autoFocus />
    </FormDialog>
  );
}
