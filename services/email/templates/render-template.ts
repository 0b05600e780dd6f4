import { invalid } from '@crm/kit';
import { render, toPlainText } from '@react-email/render';
import { createElement, type FunctionComponent } from 'react';
import { findTemplate, type Variables } from './index.ts';

/** What a recipient sees. */
export type Rendered = { sujet: string; html: string; texte: string };

/** Line breaks, other control characters, and those that turn the direction of what follows. */
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/**
 * Makes a mail of a template: HTML and, from the same component, text. Values are text, whatever they look like;
 * blank ones count as left out.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele` or `variables.<name>`
 */
export async function renderTemplate(modele: string, given: Variables): Promise<Rendered> {
  const { subject, component, required } = findTemplate(modele);
  const variables = Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  for (const name of required) {
    if (!Object.hasOwn(variables, name))
      throw invalid(`variables.${name}`, `is required by the template ${modele}`);
  }
  for (const [name, value] of Object.entries(variables)) {
    if (UNFIT.test(value)) throw invalid(`variables.${name}`, 'must be one line without control characters');
  }
  const html = await render(createElement(component as FunctionComponent<Variables>, variables));
  const texte = toPlainText(html, { selectors: [{ selector: 'h1', options: { uppercase: false } }] });
  return { sujet: subject(variables as never), html, texte };
}
