import type { PreviewTemplateRequest, PreviewTemplateResponse } from '@crm/proto/email/email';
import { findTemplate } from './templates/index.ts';
import { renderTemplate } from './templates/render-template.ts';
import { usualVariables, type MailWords } from './usual-variables.ts';

/**
 * Shows what a template makes of some variables, or of its own sample; sends nothing.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele` or `variables.<name>`
 */
export const previewTemplate =
  (words: MailWords) =>
  async ({ modele, variables }: PreviewTemplateRequest): Promise<PreviewTemplateResponse> => {
    const { sample } = findTemplate(modele);
    const given = Object.keys(variables).length ? variables : sample;
    const rendered = await renderTemplate(modele, { ...usualVariables(words), ...given });
    return { ...rendered, exemple: sample };
  };
