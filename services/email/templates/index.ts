import { invalid } from '@crm/kit';
import type { ReactElement } from 'react';
import { Bienvenue, type BienvenueVariables } from './bienvenue.tsx';

/** What a template's text names; `expediteur` and `contact` are always there. */
export type Variables = Record<string, string>;

/** A template: a component, from which both the HTML and the text are made, and the subject. */
export type Template = {
  subject: (variables: never) => string;
  component: (variables: never) => ReactElement;
  /** Variables without which it cannot be sent. */
  required: readonly string[];
  /** What previews show. */
  sample: Variables;
};

const template = <V extends { [name in keyof V]: string | undefined }>(definition: {
  subject: (variables: V) => string;
  component: (variables: V) => ReactElement;
  required: (keyof V & string)[];
  sample: V & Variables;
}): Template => definition;

/** All templates, by the name in `modele`. */
export const templates: Record<string, Template> = {
  bienvenue: template<BienvenueVariables>({
    subject: ({ expediteur }) => `Bienvenue chez ${expediteur}`,
    component: Bienvenue,
    required: ['nom'],
    sample: { prenom: 'Camille', nom: 'Lefèvre', contact: 'contact@suivi.invalid', expediteur: 'Suivi' },
  }),
};

/**
 * Finds a template.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele`
 */
export function findTemplate(modele: string): Template {
  const found = Object.hasOwn(templates, modele) ? templates[modele] : undefined;
  if (!found)
    throw invalid('modele', `there is no template ${modele}; there is ${Object.keys(templates).join(', ')}`);
  return found;
}
