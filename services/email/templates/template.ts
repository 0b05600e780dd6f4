import type { ReactElement } from 'react';
import {
  date,
  httpsUrl,
  oneOf,
  optional,
  text,
  type Declared,
  type ValuesOf,
  type Variables,
} from './variables.ts';

/** Variables of every template. The service fills them in if the caller does not. */
export const usual = {
  /** The sender's name. */
  expediteur: text,
  /** The contact for questions: an e-mail address, or any other words. */
  contact: text,
  /** The day on which the mail is written. Days of delay count up to it. */
  aujourdhui: date,
  /**
   * How to pay: "par virement, IBAN FR14 …", on a line of its own. If omitted: unknown, and readers ask the
   * contact.
   */
  paiement: optional(text),
  /** The rate of late-payment penalties in words. If omitted: the legal rate. */
  tauxPenalites: optional(text),
  /** A page on which clients can give new bank details safely. */
  pageCoordonnees: optional(httpsUrl),
  /** `facture` if the invoice's PDF is attached, `avoir` if the credit note's is. */
  pieceJointe: optional(oneOf('facture', 'avoir')),
  /** The sender's legal notices, at the foot of every mail. */
  mentions: optional(text),
};

export type Usual = ValuesOf<typeof usual>;

/** The purpose of rendering: only a preview may show a past day. */
export type Purpose = 'send' | 'preview';

/** A template: the subject, and a component for both HTML and text. */
export type Template = {
  /** Its variables and how each is written; the `usual` ones are included. */
  variables: Declared;
  subject: (values: never) => string;
  component: (values: never) => ReactElement;
  /** Refuses values that are well formed but must not be sent: throws INVALID_ARGUMENT. */
  check?: (values: never, purpose: Purpose) => void;
  /** The values for previews. */
  sample: Variables;
};

/** What previews show for `usual`. */
const usualSample = { aujourdhui: '2026-07-01' };

/** Defines a template. The component gets the variables that `variables` declares, and the usual ones. */
export const template = <const D extends Declared>(definition: {
  variables: D;
  subject: (values: ValuesOf<D> & Usual) => string;
  component: (values: ValuesOf<D> & Usual) => ReactElement;
  check?: (values: ValuesOf<D> & Usual, purpose: Purpose) => void;
  sample: { [N in keyof D]: string } & { [N in keyof typeof usual]?: string };
}): Template => ({
  ...definition,
  variables: { ...usual, ...definition.variables },
  sample: { ...usualSample, ...definition.sample },
});
