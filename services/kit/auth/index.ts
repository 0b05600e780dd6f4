/** Who calls, and how we know: tokens verified on the way in, forwarded or issued on the way out. */
export {
  authConfig,
  authSpec,
  serviceAccountSpec,
  WORKERS_ISSUER,
  type AuthConfig,
  type AuthValues,
} from './auth-config.ts';
export { authInterceptor, type AuthInterceptorOptions, type Refusal } from './auth-interceptor.ts';
export { ANONYMOUS, currentCaller, runAsCaller, type Caller } from './caller.ts';
export { captureAuthorization } from './capture-authorization.ts';
export { publicMethods } from './public-methods.ts';
export { KeysUnavailable, TokenRefused, type RefusalReason } from './refusal.ts';
export { serviceTokens, type ServiceTokenOptions } from './service-token.ts';
export { signToken, type TokenClaims } from './sign-token.ts';
export { tokenVerifier, type Identity, type TokenVerifierOptions, type VerifyToken } from './verify-token.ts';
export { warnReportOnly } from './warn-report-only.ts';
