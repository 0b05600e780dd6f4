import { callUnaryMethod, useQuery, useTransport } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { InvoiceService, StatutFacture, type Invoice } from '../../gen/proto/factures/factures_pb.ts';
import { AttenteRelanceService, GenreAttente } from '../../gen/proto/relance/attentes_pb.ts';
import { amount, day, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, today } from '../paris-day.ts';
import { AmountField, DateField, ReasonField, TextField } from '../ui/fields.tsx';
import { FormDialog } from '../ui/form-dialog.tsx';
import { instalments } from './instalments.ts';

/** The holds that people begin here; the others follow from a mail or an import. */
export type HoldKind =
  GenreAttente.PROMESSE | GenreAttente.LITIGE | GenreAttente.ECHEANCIER | GenreAttente.SUR_ACCORD;

/** A hold takes so many invoices. */
const MOST_INVOICES = 200;
const REASON_MAX = 200;
const MOST_INSTALMENTS = 60;

type Whose = Invoice | { organisationId: string; clientId: string };
type Props = { genre: HoldKind; whose: Whose; close: () => void };

/** Begins a hold on the reminders of an invoice and of other open ones of the same client; or of those that are chosen. */
export function HoldDialog({ genre, whose, close }: Props) {
  const m = useMessages();
  const transport = useTransport();
  const queries = useQueryClient();
  const open = useOpenInvoices(whose);
  const fixed = 'id' in whose ? whose.id : undefined;
  // of a client: all, until somebody leaves some out
  const [picked, setChosen] = useState<string[] | undefined>(fixed ? [fixed] : undefined);
  const chosen = picked ?? open.map(({ id }) => id);
  const [until, setUntil] = useState('');
  const [count, setCount] = useState(3);
  const words = m.attentes.genres[genre];
  const left = open
    .filter(({ id }) => chosen.includes(id))
    .reduce((sum, { restantDu }) => sum + restantDu, 0n);
  const isPromise = genre === GenreAttente.PROMESSE;
  const isPlan = genre === GenreAttente.ECHEANCIER;
  const plan = isPlan && until && left > 0n ? instalments(left, count, until) : [];
  return (
    <FormDialog
      title={words.titre}
      effect={words.effet(chosen.length, amount(left), until && day(until))}
      button={words.bouton}
      done={words.fait}
      close={close}
      send={async (values, once) => {
        const given = {
          ...{ genre, invoiceIds: chosen, motif: values.line('motif') },
          ...(isPlan ? { echeances: plan } : { jusquAu: until }),
          ...(isPromise && { montant: values.cents('montant') ?? 0n }),
        };
        return await callUnaryMethod(transport, AttenteRelanceService.method.create, given, once(given));
      }}
      readAgain={() => queries.invalidateQueries()}
    >
      <DateField
        name="jusquAu"
        label={isPlan ? m.attentes.premiere : isPromise ? m.attentes.promisLe : m.attentes.jusquAu}
        {...(!isPromise && !isPlan && { help: m.attentes.jusquAuAide })}
        from={today()}
        to={daysAfter(today(), 365)}
        isRequired={isPromise || isPlan}
        change={setUntil}
        autoFocus
      />
      {isPromise && (
        <AmountField
          name="montant"
          label={m.attentes.montant}
          help={m.attentes.montantAide(amount(left))}
          most={left}
        />
      )}
      {isPlan && (
        <TextField
          name="echeances"
          label={m.attentes.nombre}
          first={String(count)}
          maxLength={2}
          isRequired
          change={(text) => setCount(Math.min(Math.max(1, Number(text) || 1), MOST_INSTALMENTS))}
        />
      )}
      {plan.length > 0 && (
        <ol className="instalments">
          {plan.map(({ date, montant }) => (
            <li key={date}>
              <span>{day(date)}</span>
              <span className="amount">{amount(montant)}</span>
            </li>
          ))}
        </ol>
      )}
      {open.length > (fixed ? 1 : 0) && (
        <CheckboxGroup className="field choices" value={chosen} onChange={setChosen}>
          <Label>{m.attentes.factures}</Label>
          <div className="choices-box">
            {open.map(({ id, numero, restantDu, dateEcheance }) => (
              <Checkbox key={id} className="checkbox" value={id} isDisabled={id === fixed}>
                <span className="box" aria-hidden="true" />
                <span>{numero}</span>
                <span className="quiet">{m.attentes.echeanceDe(shortDay(dateEcheance))}</span>
                <span className="amount">{amount(restantDu)}</span>
              </Checkbox>
            ))}
          </div>
        </CheckboxGroup>
      )}
      <ReasonField isRequired maxLength={REASON_MAX} help={m.attentes.motifAide} />
    </FormDialog>
  );
}

/** The open invoices of the client, the one that it is about first. */
function useOpenInvoices(whose: Whose): Invoice[] {
  const { organisationId, clientId } = whose;
  const { data } = useQuery(InvoiceService.method.list, {
    ...{ organisationId, clientId, statut: StatutFacture.EMISE, pageSize: MOST_INVOICES },
  });
  const open = data?.invoices ?? [];
  if (!('id' in whose)) return open.filter(({ restantDu }) => restantDu > 0n);
  return [whose, ...open.filter(({ id }) => id !== whose.id)].slice(0, MOST_INVOICES);
}
