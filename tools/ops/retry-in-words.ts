import { formatEuros, type MailTemplate } from '@crm/domain';
import { TOLD_DAYS_BEFORE } from '@crm/retry/schedules';
import type { RetryEvent } from '../simulation/simulate-retries.ts';
import { local } from './words.ts';

/** What sets the time of each kind of mail, by template. */
const MAILS: Record<string, string> = {
  'avant-reessai': `${TOLD_DAYS_BEFORE} jours avant`,
  prenotification: 'dès que le premier prélèvement par un autre mandat est prévu',
  'reessai-echoue': 'dès le rejet',
  'reessais-epuises': 'dès le dernier rejet',
} satisfies Partial<Record<MailTemplate, string>>;

/**
 * "2026-03-09 10:00  présentation n° 1, 750,00 €: rejet du 2026-03-02 + 5 jours à 10:00, reporté …".
 * @param of the subject, if there are several: " du paiement …"
 */
export function describeRetry(one: RetryEvent, montant: bigint, of = ''): string {
  const { at, what, why } = one;
  const more = {
    mail: MAILS[why] ? `: ${MAILS[why]}` : '',
    présentation: `, ${formatEuros(montant)}: ${why}`,
    rejet: `, ${why}`,
    encaissement: `, ${why}`,
  };
  return `${local(at)}  ${whatOf(one)}${of}${more[what]}`;
}

/** "présentation n° 1". */
export function whatOf({ what, numero, why }: RetryEvent): string {
  if (what === 'mail') return `mail ${why}, présentation n° ${numero}`;
  return what === 'présentation' ? `présentation n° ${numero}` : `${what} de la présentation n° ${numero}`;
}
