import '../style/forms.css';
import { Code, ConnectError, type CallOptions } from '@connectrpc/connect';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { fieldFaults, type FieldFaults } from '../errors.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from './failure.tsx';
import { FormValues } from './form-values.ts';
import { say } from './said.tsx';

/**
 * How a call is made that changes something: the same request again, after a connection that broke, has the same key, so the
 * service does it once.
 */
export type Once = (request: object) => CallOptions;

type Props<Answer> = {
  /** Calls the RPC. What it throws is shown: the faults of fields at the fields of these names. */
  send: (values: FormValues, once: Once) => Promise<Answer>;
  /** What is said when it is done. */
  done: string | ((answer: Answer) => string);
  /** After it is done. */
  sent?: (answer: Answer) => unknown;
  /** Reads again what may have changed: after an answer, and after a refusal, which may come from a change. */
  readAgain?: () => Promise<unknown>;
  /** What the button says. */
  button: string;
  /** It undoes or ends something. */
  isDanger?: boolean;
  /** Another way out than the button. */
  cancel?: () => void;
  /** Tells whether somebody has written something. */
  written?: () => void;
  /** Tells that a call is under way, or no more. */
  busy?: (isBusy: boolean) => void;
  children?: ReactNode;
};

const NO_FAULTS: FieldFaults = { atFields: {}, isAllShown: false };

/**
 * A form that calls an RPC. Everything that is wrong is shown at once, in the fields; what was written stays until it has
 * been done, also when the call fails or the session ends.
 */
export function RpcForm<Answer>(props: Props<Answer>) {
  const { send, done, sent, readAgain, button, isDanger = false, cancel, written, busy, children } = props;
  const m = useMessages();
  const [keys] = useState(() => new Map<string, string>());
  const once: Once = (request) => {
    const text = JSON.stringify(request, (_name, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    if (!keys.has(text)) keys.set(text, crypto.randomUUID());
    return { headers: { 'idempotency-key': keys.get(text)! } };
  };
  // one object for one answer: the fields forget it when somebody edits them
  const [faults, setFaults] = useState<FieldFaults>(NO_FAULTS);
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: (form: HTMLFormElement) => send(new FormValues(new FormData(form)), once),
    onMutate: () => busy?.(true),
    async onSuccess(answer) {
      say(typeof done === 'string' ? done : done(answer));
      sent?.(answer);
      await readAgain?.();
    },
    onError(thrown, form) {
      setFaults(
        fieldFaults(
          thrown,
          [...form.elements].map((element) => element.getAttribute('name') ?? ''),
        ),
      );
      return readAgain?.();
    },
    onSettled: () => busy?.(false),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending) return;
    setFaults(NO_FAULTS);
    mutate(event.currentTarget);
  };
  // whoever has to sign in again is asked to, above this form
  const isShown = error && !faults.isAllShown && ConnectError.from(error).code !== Code.Unauthenticated;
  return (
    <Form className="form" onSubmit={submit} validationErrors={faults.atFields}>
      <div
        className="contents"
        onInput={() => {
          written?.();
          if (isShown) reset();
        }}
      >
        {children}
      </div>
      {isShown && <Failure error={error} />}
      <div className="buttons">
        {cancel && (
          <Button className="button" onPress={cancel} isDisabled={isPending}>
            {m.annuler}
          </Button>
        )}
        <Button
          type="submit"
          className={isDanger ? 'button primary danger' : 'button primary'}
          isPending={isPending}
        >
          {isPending ? m.enCours : button}
        </Button>
      </div>
    </Form>
  );
}
