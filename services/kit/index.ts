/** What every service is made of. */
export { authConfig, authSpec, serviceAccountSpec, serviceTokens, WORKERS_ISSUER } from './auth/index.ts';
export { amountToDebit } from './amount-to-debit.ts';
export { connectTo, type CallSettings, type Connected } from './connect-to.ts';
export type { Call } from './call-context.ts';
export { clientName, contactName, greeting, type NamedClient } from './client-names.ts';
export { companyFaults, compactNumber } from './company-faults.ts';
export { config, ConfigError, type ConfigOf, type ConfigSpec } from './config.ts';
export { cutText } from './cut-text.ts';
export { delayInWords } from './delay-in-words.ts';
export { currentWork, inContext } from './work-context.ts';
export { emit, emitAll, type Fact } from './emit.ts';
export { entity, type Entity } from './entity.ts';
export {
  conflict,
  failedPrecondition,
  invalid,
  invalidFields,
  isNotFound,
  isRefusal,
  notFound,
  notFoundFields,
  orUndefined,
  RpcError,
  unavailable,
  type FieldFault,
} from './errors.ts';
export { eventIdOf } from './event-id.ts';
export { everyPage } from './every-page.ts';
export { FORMAL_NOTICE } from './formal-notice.ts';
export { formatDate, formatDays, formatEuros, formatInstant, NBSP } from './format-french.ts';
export { implement, type Implementation, type Methods } from './implement.ts';
export { knownOf } from './known-of.ts';
export { assertKnown, type Needed, type Organisations, type Sought } from './assert-known.ts';
export { howToPay } from './how-to-pay.ts';
export { formatSiren, legalMentions } from './legal-mentions.ts';
export { listen } from './listen.ts';
export { logger, type Logger } from './log.ts';
export { page, readPageToken, writePageToken } from './page.ts';
export { dateInParis, inParis, LAST_DATE, LAST_PLANNED, todayInParis } from './paris.ts';
export { penaltyRateInWords, penaltySpec } from './penalties.ts';
export { PORTS, type ServiceName } from './ports.ts';
export { processSpec, startProcess, type Process } from './process.ts';
export { remembered } from './remembered.ts';
export { serve, type Served } from './serve.ts';
export { service, type Service } from './service.ts';
export { descriptors, isEmailAddress, validateMessage } from './validate.ts';
