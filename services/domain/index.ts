/** Business knowledge that several services share: French texts and dates, companies, penalties, amounts. */
export { amountToDebit } from './amount-to-debit.ts';
export { assertKnown, type Needed, type Organisations, type Sought } from './assert-known.ts';
export { authorNames, type Users } from './author-names.ts';
export { chronologie, pageOf, type Table } from './chronologie.ts';
export { clientName, contactName, greeting } from './client-names.ts';
export { companyFaults, compactNumber } from './company-faults.ts';
export { delayInWords } from './delay-in-words.ts';
export { channelInWords, levelInWords } from './level-in-words.ts';
export {
  clientVariables,
  contractVariables,
  invoiceVariables,
  leftToPay,
  mergedVariables,
  paymentVariables,
  type MailVariables,
} from './mail-variables.ts';
export {
  firmest,
  FORMAL_NOTICE,
  MERGED_REMINDER,
  REMINDER_TEMPLATES,
  type MailTemplate,
} from './mail-templates.ts';
export { formatDate, formatDays, formatEuros, formatInstant, NBSP } from './format-french.ts';
export { howToPay } from './how-to-pay.ts';
export { daysBetween, dueSince, lateness } from './lateness.ts';
export { formatSiren, legalMentions } from './legal-mentions.ts';
export { BANK_DAYS, openDaysOf } from './open-days.ts';
export {
  addDays,
  dateInParis,
  inParis,
  instantInParis,
  LAST_DATE,
  LAST_PLANNED,
  PARIS,
  startOfDay,
  todayInParis,
} from './paris.ts';
export { obstacleTo, readTruth, type Obstacle, type Truth, type TruthSources } from './payment-truth.ts';
export { presentationInWords, presentationMoved } from './presentation-in-words.ts';
export { penaltyRateInWords, penaltySpec } from './penalties.ts';
export { csv, CSV_START, csvAmount, csvDate, csvLine } from './spreadsheet/csv.ts';
export { importLines, type ImportedLine, type ImportRules } from './spreadsheet/import-lines.ts';
export type { LineReader } from './spreadsheet/line-reader.ts';
export { headingKey, type Column, type Matched } from './spreadsheet/match-columns.ts';
export {
  readAmount,
  readDate,
  readReference,
  readSiren,
  readTelephone,
  readText,
  readYesNo,
  type Cell,
} from './spreadsheet/read-cells.ts';
export { previewMoves } from './preview-moves.ts';
export { amountInText, containsText, distinct, findByText, type SearchCondition } from './search.ts';
export { reasonNotToMail } from './reason-not-to-mail.ts';
export { ruleHistory } from './rule-history.ts';
export { settledBecause } from './settled-because.ts';
export { unlessStale } from './unless-stale.ts';
export { newestSociete, type Societes } from './newest-societe.ts';
export { retryDecision } from './retry-decision.ts';
export { staleCommand } from './stale-command.ts';
export { afterUsualTerm, NORMAL_VAT_RATE, TERM_DAYS } from './usual-terms.ts';
