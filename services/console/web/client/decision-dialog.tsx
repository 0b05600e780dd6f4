import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { ClientBaseService, type Client } from '../../gen/proto/clients/clients_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { ReasonField, TextField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';

/** What a person decides about a client. */
export type Decision = 'opposition' | 'finOpposition' | 'blocage' | 'finBlocage' | 'adresseBonne' | 'adresse';

/** Asks for the reason of a decision, says what it will change, and records it. */
export function DecisionDialog({
  decision,
  client,
  close,
}: {
  decision: Decision;
  client: Client;
  close: () => void;
}) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const words = m.client.decisions[decision];
  return (
    <FormDialog
      title={words.titre}
      effect={words.effet}
      button={words.bouton}
      done={words.fait}
      close={close}
      send={async (values, once) => {
        const given = { id: client.id, motif: values.line('motif') };
        if (decision === 'adresseBonne')
          return await callUnaryMethod(
            transport,
            ClientBaseService.method.clearEmailRefusal,
            given,
            once(given),
          );
        const change = {
          ...given,
          ...(decision === 'adresse' && { email: values.text('email') }),
          ...(decision.endsWith('pposition') && { sansRelance: decision === 'opposition' }),
          ...(decision.endsWith('locage') && { bloque: decision === 'blocage' }),
        };
        return await callUnaryMethod(transport, ClientBaseService.method.update, change, once(change));
      }}
      readAgain={() => queries.invalidateQueries()}
    >
      {decision === 'adresse' && (
        <TextField
          name="email"
          label={m.client.adresse}
          type="email"
          first={client.email}
          maxLength={254}
          isRequired
          autoFocus
        />
      )}
      <ReasonField isRequired autoFocus={decision !== 'adresse'} />
    </FormDialog>
  );
}
