/** What every service and worker is built from, by folder. Nothing here knows the business. */

// rpc: serving and calling
export type { Call } from './rpc/call-context.ts';
export { connectTo, type CallSettings, type Connected } from './rpc/connect-to.ts';
export { cutText } from './rpc/cut-text.ts';
export { entity, type Entity } from './rpc/entity.ts';
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
  otherVersion,
  RpcError,
  unavailable,
  type FieldFault,
  type Reference,
} from './rpc/errors.ts';
export { everyPage } from './rpc/every-page.ts';
export { implement, type Implementation, type Methods } from './rpc/implement.ts';
export { knownOf } from './rpc/known-of.ts';
export {
  DEFAULT_ORGANISATION,
  organisationNamer,
  organisationOrDefault,
  type OrganisationNamer,
} from './rpc/organisation-namer.ts';
export { countThatFits, page, readPageToken, writePageToken } from './rpc/page.ts';
export { remembered } from './rpc/remembered.ts';
export { serve, type Served } from './rpc/serve.ts';
export { service, type Service } from './rpc/service.ts';
export { readMessage } from './rpc/read-message.ts';
export { descriptors, isEmailAddress, messageFaults, validateMessage } from './rpc/validate.ts';
export { currentWork, inContext } from './rpc/work-context.ts';

// effects: what makes an effect happen once
export { authorOf } from './effects/author-of.ts';
export { changedRows } from './effects/changed-rows.ts';
export { emit, emitAll } from './effects/emit.ts';
export { eventIdOf } from './effects/event-id.ts';
export { listen } from './effects/listen.ts';
export { planned } from './effects/planned.ts';

// process: configuration, logs, telemetry, start and stop
export { config, type ConfigOf, type ConfigSpec } from './process/config.ts';
export { logger, type Logger } from './process/log.ts';
export { PORTS, type ServiceName } from './process/ports.ts';
export { processSpec, startProcess, type Process } from './process/process.ts';

// auth: who calls
export {
  authConfig,
  authSpec,
  fetchJson,
  jwks,
  serviceAccountSpec,
  serviceTokens,
  signToken,
  WORKERS_ISSUER,
  type AuthConfig,
} from './auth/index.ts';
