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

/** What every template may name: the service fills it in where a caller does not. */
export const usual = {
  /** Who signs. */
  expediteur: text,
  /** Where to ask: an e-mail address, or any other words. */
  contact: text,
  /** The day on which the mail is written: days late count from it. */
  aujourdhui: date,
  /** How to pay: "par virement, IBAN FR14 …", on a line of its own. Left out: not known, the contact is asked. */
  paiement: optional(text),
  /** The rate of late-payment penalties in words; left out: the one that the law sets where nothing else is agreed. */
  tauxPenalites: optional(text),
  /** A page on which a client gives new bank details safely. */
  pageCoordonnees: optional(httpsUrl),
  /** `facture` where the invoice's PDF comes with the mail, `avoir` where the credit note's does. */
  pieceJointe: optional(oneOf('facture', 'avoir')),
  /** The legal mentions of who signs, at the foot of every mail. */
  mentions: optional(text),
};

export type Usual = ValuesOf<typeof usual>;

/** What it is rendered for: a preview may show a day that has gone by. */
export type Purpose = 'send' | 'preview';

/** A template: a component, from which both the HTML and the text are made, and the subject. */
export type Template = {
  /** Its variables and how each is written; those of `usual` are there too. */
  variables: Declared;
  subject: (values: never) => string;
  component: (values: never) => ReactElement;
  /** Refuses values that are well formed and must not be sent: throws INVALID_ARGUMENT. */
  check?: (values: never, purpose: Purpose) => void;
  /** What previews show. */
  sample: Variables;
};

/** What previews show for `usual`. */
const usualSample = { aujourdhui: '2026-07-01' };

/** Defines a template; the component gets its variables as `variables` declares them, and the usual ones. */
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
