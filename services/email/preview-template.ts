import type { Societes } from '@crm/domain';
import type { PreviewTemplateRequest, PreviewTemplateResponse } from '@crm/proto/email/email';
import { sampleOf } from './templates/index.ts';
import { renderTemplate } from './templates/render-template.ts';
import { senderOf } from './sender.ts';
import { societeOf } from './societe-of.ts';
import { usualVariables, type MailWords } from './usual-variables.ts';

/**
 * Renders a template with some variables, or with its own sample, for an organisation or with the platform's
 * settings. Sends nothing.
 * @throws {RpcError} INVALID_ARGUMENT naming `modele` or `variables.<name>`; and the errors of `societeOf`
 *   and `senderOf`
 */
export const previewTemplate =
  (words: MailWords, societes: Societes) =>
  async ({ modele, variables, organisationId }: PreviewTemplateRequest): Promise<PreviewTemplateResponse> => {
    const societe = organisationId ? await societeOf(societes, organisationId) : undefined;
    const usual = usualVariables(words, societe);
    const exemple = sampleOf(modele, usual);
    const given = Object.keys(variables).length ? variables : exemple;
    const rendered = await renderTemplate(modele, { ...usual, ...given }, 'preview');
    const { name: expediteurNom, address: expediteurAdresse, replyTo } = senderOf(words, societe);
    return { ...rendered, exemple, expediteurNom, expediteurAdresse, replyTo };
  };
