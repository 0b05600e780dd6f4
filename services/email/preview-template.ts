import type { PreviewTemplateRequest, PreviewTemplateResponse } from '@crm/proto/email/email';
import type { Mailbox } from './mail-config.ts';
import { findTemplate } from './templates/index.ts';
import { renderTemplate } from './templates/render-template.ts';

/**
 * Shows what a template makes of some variables, or of its own sample; sends nothing.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele` or `variables.<name>`
 */
export const previewTemplate =
  ({ MAIL_FROM, MAIL_CONTACT }: { MAIL_FROM: Mailbox; MAIL_CONTACT: string }) =>
  async ({ modele, variables }: PreviewTemplateRequest): Promise<PreviewTemplateResponse> => {
    const given = Object.keys(variables).length ? variables : findTemplate(modele).sample;
    return await renderTemplate(modele, { expediteur: MAIL_FROM.name, contact: MAIL_CONTACT, ...given });
  };
