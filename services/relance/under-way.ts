import { isDone, type State } from './apply-action.ts';

/** A level whose mail may be out without a record. */
export type UnderWay = {
  niveau: number;
  /** The mail for several invoices that it is part of. Empty: a mail of its own. */
  groupe: string;
};

/** What reminders remember of a mail under way; the mails of organisations that merge none are not remembered. */
export const underWayColumn = (niveau: number, cycle: number, groupe = ''): string =>
  `${niveau}/${cycle}/${groupe}`;

/** The level whose mail is under way. A level that was sent or skipped, or of an earlier cycle, is none. */
export function underWayOf({
  envoiEnCours = '',
  cycle,
  niveaux,
}: Pick<State, 'cycle' | 'niveaux'> & { envoiEnCours?: string }): UnderWay | undefined {
  const [niveau, of, groupe = ''] = envoiEnCours.split('/');
  const level = niveaux.find((one) => one.niveau === Number(niveau) && !isDone(one));
  return level && Number(of) === cycle ? { niveau: level.niveau, groupe } : undefined;
}

/** What a mail for several invoices is for: the `envoi` of the e-mail, and the key of the client's turn. */
export const mergedPurpose = (groupe: string): string => `relance-groupee/${groupe}`;
