import type { CallOptions } from '@connectrpc/connect';
import { ConnectError, Code } from '@connectrpc/connect';
import { useEffect, useRef, type ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { fieldFaults } from '../errors.ts';
import { count } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, today } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
import { ReasonField } from '../ui/fields.tsx';
import { RpcForm } from '../ui/rpc-form.tsx';
import { useWhatIf, type SupposedRules } from './what-if.ts';
import { WhatIfTold } from './what-if-told.tsx';

/** How far a what-if looks ahead. */
const DAYS = 90;

type Props<Saved> = {
  organisationId: string;
  /** The rules as they are written now. */
  rules: SupposedRules;
  /** Another text for other rules: what was told about some is not shown for others. */
  version: string;
  isChanged: boolean;
  first?: 'mails' | 'prelevements';
  /** The fields of the rules. */
  children: ReactNode;
  save: (motif: string, once: (request: object) => CallOptions) => Promise<Saved>;
  saved: (motif: string, answer: Saved) => unknown;
  readAgain: () => Promise<unknown>;
  undo: () => void;
};

/** Rules that are edited: what they would change is shown first, and then they are saved with a reason. */
export function AskAndSave<Saved>(props: Props<Saved>) {
  const { organisationId, rules, version, isChanged, first = 'mails', children } = props;
  const { save, saved, readAgain, undo } = props;
  const m = useMessages();
  const words = m.regles;
  const { ask, told, error, isPending, seen, forget } = useWhatIf(organisationId, daysAfter(today(), DAYS));
  const form = useRef<HTMLFormElement>(null);
  const answer = useRef<HTMLHeadingElement>(null);
  const asked = useRef(version);
  useEffect(() => {
    if (asked.current !== version) forget();
  }, [version, forget]);
  useEffect(() => {
    if (told) answer.current?.focus();
  }, [told]);
  const faults = error ? faultsOf(error, form.current) : undefined;
  // whoever cannot be told, because a service is away, may save all the same; who wrote a fault may not
  const maySave = isChanged && (told || (error && !faults?.isAllShown && !isFault(error)));
  return (
    <>
      <Form
        ref={form}
        className="form"
        validationErrors={faults?.atFields ?? {}}
        onSubmit={(event) => {
          event.preventDefault();
          asked.current = version;
          ask(rules);
        }}
      >
        {children}
        {isChanged && (
          <div className="buttons">
            <Button className="button" onPress={undo} isDisabled={isPending}>
              {words.abandonner}
            </Button>
            <Button type="submit" className="button primary" isPending={isPending}>
              {isPending ? words.simulation.enCours(count(seen)) : words.simuler}
            </Button>
          </div>
        )}
      </Form>
      {error && !faults?.isAllShown && ConnectError.from(error).code !== Code.Unauthenticated && (
        <Failure error={error} />
      )}
      {maySave && (
        <section className="panel what-if" aria-labelledby="what-if">
          <header>
            <h2 id="what-if" ref={answer} tabIndex={-1}>
              {words.simulation.titre}
            </h2>
          </header>
          {told ? <WhatIfTold told={told} first={first} /> : <p className="notice">{words.sansSimulation}</p>}
          <SaveForm {...{ save, saved, readAgain }} />
        </section>
      )}
    </>
  );
}

function SaveForm<Saved>({ save, saved, readAgain }: Pick<Props<Saved>, 'save' | 'saved' | 'readAgain'>) {
  const words = useMessages().regles;
  const motif = useRef('');
  return (
    <RpcForm
      button={words.enregistrer}
      done={words.enregistrees}
      send={(values, once) => {
        motif.current = values.line('motif');
        return save(motif.current, once);
      }}
      sent={(answer) => saved(motif.current, answer)}
      readAgain={readAgain}
    >
      <ReasonField isRequired />
    </RpcForm>
  );
}

/** The faults of supposed rules are at the fields of the rules that are written. */
function faultsOf(error: unknown, form: HTMLFormElement | null) {
  const names = [...(form?.elements ?? [])]
    .map((element) => element.getAttribute('name') ?? '')
    .filter(Boolean);
  const under = names.flatMap((name) => [`comparee.${name}`, `comparee.reessais.${name}`]);
  const { atFields, isAllShown } = fieldFaults(error, under);
  const plain = Object.entries(atFields).map(
    ([name, words]) => [name.replace(/^comparee\.(reessais\.)?/, ''), words] as const,
  );
  return { atFields: Object.fromEntries(plain), isAllShown };
}

const isFault = (error: unknown): boolean => ConnectError.from(error).code === Code.InvalidArgument;
