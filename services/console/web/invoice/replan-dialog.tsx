import { callUnaryMethod, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { InvoiceService, type Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { RelanceService } from '../../gen/proto/relance/relance_pb.ts';
import { day } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { DateField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';

/** Plans the levels to come again: by another due date, or by the one that the invoice has. */
export function ReplanDialog({ invoice, close }: { invoice: Invoice; close: () => void }) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const { id, dateFacture, dateEcheance: current } = invoice;
  return (
    <FormDialog
      title={m.replan.titre}
      effect={m.replan.effet(day(current))}
      button={m.replan.bouton}
      done={m.replan.fait}
      close={close}
      send={async (values, once) => {
        const dateEcheance = values.text('dateEcheance') || current;
        if (dateEcheance === current)
          await callUnaryMethod(transport, RelanceService.method.replanifier, { id });
        else {
          const given = { id, dateEcheance };
          await callUnaryMethod(transport, InvoiceService.method.update, given, once(given));
        }
      }}
      readAgain={() => queries.invalidateQueries()}
    >
      <DateField
        name="dateEcheance"
        label={m.replan.echeance}
        help={m.replan.aide}
        first={current}
        from={dateFacture}
        autoFocus
      />
    </FormDialog>
  );
}
