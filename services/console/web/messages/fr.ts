import { client } from './fr/client.ts';
import { debits } from './fr/debits.ts';
import { bulk } from './fr/bulk.ts';
import { figures } from './fr/figures.ts';
import { firstRun } from './fr/first-run.ts';
import { invoice } from './fr/invoice.ts';
import { operations } from './fr/operations.ts';
import { clients } from './fr/clients.ts';
import { search } from './fr/search.ts';
import { rules } from './fr/rules.ts';
import { shell } from './fr/shell.ts';
import { today } from './fr/today.ts';
import { ui } from './fr/ui.ts';

/**
 * Everything that the pages say, in French, a file per room; `en.ts` has the same in English. Words of the services come
 * from them.
 */
export const fr = {
  ...shell,
  ...ui,
  ...clients,
  ...search,
  ...today,
  ...invoice,
  ...operations,
  ...figures,
  ...client,
  ...debits,
  ...bulk,
  ...rules,
  ...firstRun,
};

export type Messages = typeof fr;
