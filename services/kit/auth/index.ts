/** Identity: tokens are verified on the way in, and forwarded or issued on the way out. */
export { authConfig, authSpec, serviceAccountSpec, WORKERS_ISSUER, type AuthConfig } from './auth-config.ts';
export { authInterceptor } from './auth-interceptor.ts';
export { ANONYMOUS, currentCaller } from './caller.ts';
export { captureAuthorization } from './capture-authorization.ts';
export { fetchJson } from './fetch-json.ts';
export { jwks } from './jwks.ts';
export { publicMethods } from './public-methods.ts';
export { serviceTokens } from './service-token.ts';
export { signToken } from './sign-token.ts';
export { tokenVerifier, type Identity } from './verify-token.ts';
export { warnReportOnly } from './warn-report-only.ts';
