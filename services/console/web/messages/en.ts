import { client } from './en/client.ts';
import { debits } from './en/debits.ts';
import { bulk } from './en/bulk.ts';
import { figures } from './en/figures.ts';
import { firstRun } from './en/first-run.ts';
import { invoice } from './en/invoice.ts';
import { operations } from './en/operations.ts';
import { clients } from './en/clients.ts';
import { search } from './en/search.ts';
import { rules } from './en/rules.ts';
import { shell } from './en/shell.ts';
import { today } from './en/today.ts';
import { ui } from './en/ui.ts';
import type { Messages } from './fr.ts';

export const en: Messages = {
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
