import { formatEuros, formatInstant } from '@crm/domain';
import { isNotFound } from '@crm/kit';
import { RelanceServiceService, type PreviewSendResponse } from '@crm/proto/relance/relance';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { AN_INVOICE, findInvoice } from './find-invoice.ts';
import { withServices } from './service-callers.ts';

/** Shows the next reminder of an invoice. */
export const previewReminder = new Command('preview')
  .description(
    'the next reminder of an invoice as it would go out now, and what would stop it; sends nothing',
  )
  .argument('<invoice>', AN_INVOICE)
  .option('--org <id or code>', 'its organisation; needed where several have the number')
  .option('--html', 'the HTML of the mail, for a browser, instead of the rest')
  .action(async (named: string, { org = '', html }: { org?: string; html?: true }) => {
    await withServices(async (call) => {
      const { id } = await findInvoice(call, named, org);
      const answer = await call('relance', RelanceServiceService)
        .previewSend({ id })
        .catch((error: unknown) => {
          throw isNotFound(error) ? new PlainError(`Invoice ${named} has no reminders.`) : error;
        });
      if (html && answer.acte?.$case !== 'courriel') throw new PlainError('It is no mail.');
      console.log(html && answer.acte?.$case === 'courriel' ? answer.acte.value.html : describe(answer));
    });
  });

/** What a person wants to know before: of whom, when, what would stop it, and the words. */
function describe({
  relance,
  acte,
  empechements,
  prevueAt,
  auPlusTot,
  ...about
}: PreviewSendResponse): string {
  const level = relance!.prochainNiveau;
  return [
    [`Facture ${about.numeroFacture}`, about.client, `reste dû ${formatEuros(about.restantDu)}`].join(', '),
    ...(prevueAt
      ? [`Niveau ${level}, prévu le ${formatInstant(prevueAt)}`]
      : level
        ? [`Niveau ${level}`]
        : []),
    ...(auPlusTot ? [`Demandé maintenant : le ${formatInstant(auPlusTot)}`] : []),
    ...empechements.map(({ message }) => `Empêché : ${message}`),
    ...wordsOf(acte),
  ].join('\n');
}

function wordsOf(acte: PreviewSendResponse['acte']): string[] {
  switch (acte?.$case) {
    case 'courriel': {
      const { numeros, destinataire, expediteurNom, expediteurAdresse, sujet, texte } = acte.value;
      return [
        '',
        `De : ${expediteurNom} <${expediteurAdresse}>`,
        `À : ${destinataire}`,
        `Objet : ${sujet}`,
        ...(numeros.length > 0 ? [`Pour les factures : ${numeros.join(', ')}`] : []),
        '',
        texte,
      ];
    }
    case 'tache':
      return ['', `Tâche (${acte.value.motif}) : ${acte.value.titre}`, acte.value.description];
    default:
      return [];
  }
}
