import { render, toPlainText } from '@react-email/render';
import { createElement, type FunctionComponent } from 'react';
import { unbroken } from './formats.ts';
import { findTemplate } from './index.ts';
import { Mentions } from './layout.tsx';
import type { Purpose, Usual } from './template.ts';
import { readVariables, type Variables } from './variables.ts';

/** What the recipient sees. */
export type Rendered = { sujet: string; html: string; texte: string };

/**
 * Renders a template as HTML and, from the same component, as text. Values are treated as text, never as
 * markup; blank values count as omitted.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele` or `variables.<name>`
 */
export async function renderTemplate(
  modele: string,
  given: Variables,
  purpose: Purpose = 'send',
): Promise<Rendered> {
  const { variables, subject, component, check } = findTemplate(modele);
  const values = readVariables(modele, variables, given) as never;
  check?.(values, purpose);
  const mail = createElement(component as FunctionComponent<object>, values);
  // through a React context, so that no template can forget them
  const html = await render(createElement(Mentions.Provider, { value: (values as Usual).mentions }, mail));
  const texte = toPlainText(html, {
    selectors: [
      { selector: 'h1', options: { uppercase: false } },
      {
        selector: 'table.recapitulatif',
        format: 'dataTable',
        options: { colSpacing: 2, uppercaseHeaderCells: false },
      },
    ],
  });
  return { sujet: unbroken(subject(values)), html, texte };
}
