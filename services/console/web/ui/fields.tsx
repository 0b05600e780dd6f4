import { parseDate, type CalendarDate } from '@internationalized/date';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  TextField as AriaTextField,
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  Checkbox,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Input,
  Label,
  Popover,
  Text,
  TextArea,
} from 'react-aria-components';
import { useMessages } from '../messages/use-messages.ts';
import { Fault } from './fault.tsx';
import { Icon } from './icon.tsx';
import { readAmount, writtenAmount } from './read-amount.ts';

/** What every field of a form has. */
type FieldProps = {
  /** The field of the request: the form finds the value by it, and the fault of an answer. */
  name: string;
  label: string;
  help?: ReactNode;
  isRequired?: boolean;
  autoFocus?: boolean;
};

/**
 * A fault goes as soon as it is mended, and not when the field is left: the button below would move away from under the
 * mouse that presses it.
 */
function settle({ currentTarget: input }: FormEvent<HTMLInputElement | HTMLTextAreaElement>): void {
  // after the new value has been judged
  if (input.hasAttribute('data-invalid')) setTimeout(() => input.dispatchEvent(new Event('change')));
}

type TextProps = FieldProps & {
  /** What is there at first; the field keeps what somebody writes. */
  first?: string;
  change?: (text: string) => void;
  maxLength?: number;
  /** Several lines. */
  lines?: number;
  type?: 'text' | 'email' | 'tel';
  placeholder?: string;
  /** What is wrong with a text, in words. */
  faultOf?: (text: string) => string | null;
};

/** A text of one line, or of several. */
export function TextField(props: TextProps) {
  const { name, label, help, isRequired = false, autoFocus = false, first = '', change, faultOf } = props;
  const { maxLength = 200, lines = 1, type = 'text', placeholder = '' } = props;
  const m = useMessages();
  return (
    <AriaTextField
      className="field"
      {...{ name, isRequired, autoFocus, maxLength, type }}
      {...(change && { onChange: change })}
      defaultValue={first}
      validate={(text) => faultOf?.(text) ?? (isRequired && !text.trim() ? m.champs.obligatoire : null)}
    >
      <Label>{label}</Label>
      {lines > 1 ? (
        <TextArea className="input" rows={lines} placeholder={placeholder} onInput={settle} />
      ) : (
        <Input className="input" placeholder={placeholder} autoComplete="off" onInput={settle} />
      )}
      <Help text={help} />
      <Fault />
    </AriaTextField>
  );
}

const REASON_MAX = 500;

/** Why somebody does something. It is in the history, with the name of its author. */
export function ReasonField({ name = 'motif', ...props }: Partial<Omit<TextProps, 'lines'>>) {
  const m = useMessages();
  return (
    <TextField
      label={props.isRequired ? m.champs.motif : m.champs.motifFacultatif}
      help={m.champs.motifAide}
      maxLength={REASON_MAX}
      faultOf={(text) => (props.isRequired && !text.trim() ? m.champs.motifManque : null)}
      {...props}
      name={name}
      lines={3}
    />
  );
}

type AmountProps = FieldProps & {
  /** In cents. */
  first?: bigint;
  /** `undefined` as long as it is no amount. */
  change?: (cents: bigint | undefined) => void;
  /** In cents. */
  most?: bigint;
};

/** An amount in euros, written as people do. */
export function AmountField(props: AmountProps) {
  const { name, label, help, isRequired = false, autoFocus = false, first, change, most } = props;
  const m = useMessages();
  return (
    <AriaTextField
      className="field amount-field"
      {...{ name, isRequired, autoFocus }}
      maxLength={30}
      defaultValue={first === undefined ? '' : writtenAmount(first)}
      onChange={(written) => change?.(readAmount(written))}
      validate={(written) => {
        if (!written.trim()) return isRequired ? m.champs.obligatoire : null;
        const given = readAmount(written);
        if (given === undefined) return m.champs.montantInvalide;
        return most !== undefined && given > most ? m.champs.montantTropGrand(writtenAmount(most)) : null;
      }}
    >
      <Label>{label}</Label>
      <div className="with-unit">
        <Input className="input" inputMode="decimal" autoComplete="off" onInput={settle} />
        <span aria-hidden="true">€</span>
      </div>
      <Help text={help} />
      <Fault />
    </AriaTextField>
  );
}

type DateProps = FieldProps & {
  /** `2026-11-28`; or, with `change`, the value that the page keeps. */
  first?: string;
  change?: (day: string) => void;
  /** The first and the last possible day. */
  from?: string;
  to?: string;
};

/** A day in Paris, in the order of the page's language. */
export function DateField(props: DateProps) {
  const { name, label, help, isRequired = false, autoFocus = false, first, change, from, to } = props;
  const [value, setValue] = useState<CalendarDate | null>(first ? parseDate(first) : null);
  return (
    <DatePicker
      className="field"
      {...{ name, isRequired, autoFocus, value }}
      shouldForceLeadingZeros
      onChange={(date) => {
        setValue(date);
        change?.(date?.toString() ?? '');
      }}
      {...(from && { minValue: parseDate(from) })}
      {...(to && { maxValue: parseDate(to) })}
    >
      <Label>{label}</Label>
      <Group className="combo">
        <DateInput className="input">{(segment) => <DateSegment segment={segment} />}</DateInput>
        <Button>
          <Icon name="down" />
        </Button>
      </Group>
      <Help text={help} />
      <Fault {...(from && { from })} {...(to && { to })} />
      <Popover className="popover">
        <Dialog className="calendar">
          <Calendar>
            <header>
              <Button slot="previous" className="turn back">
                <Icon name="right" />
              </Button>
              <Heading />
              <Button slot="next" className="turn">
                <Icon name="right" />
              </Button>
            </header>
            <CalendarGrid>
              <CalendarGridHeader>
                {(weekday) => <CalendarHeaderCell>{weekday}</CalendarHeaderCell>}
              </CalendarGridHeader>
              <CalendarGridBody>{(date) => <CalendarCell date={date} />}</CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}

type CheckProps = {
  name: string;
  label: string;
  help?: ReactNode;
  first?: boolean;
  change?: (isChecked: boolean) => void;
};

/** Yes or no. */
export function CheckField({ name, label, help, first = false, change }: CheckProps) {
  return (
    <div className="field">
      <Checkbox
        className="checkbox"
        name={name}
        value="oui"
        defaultSelected={first}
        {...(change && { onChange: change })}
      >
        <span className="box" aria-hidden="true" />
        <span>
          {label}
          {help && <span className="quiet help">{help}</span>}
        </span>
      </Checkbox>
    </div>
  );
}

function Help({ text }: { text: ReactNode }) {
  if (!text) return null;
  return (
    <Text slot="description" className="quiet">
      {text}
    </Text>
  );
}
