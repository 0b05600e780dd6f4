import type { AuthConfig, ConfigOf } from '@crm/kit';
import { parseSecretKeys, secretCipher, type SecretCipher } from '@crm/kit/secrets';
import { EnvError, makeValidator, port, str } from 'envalid';

/** The port of the console, before `PORT_OFFSET`. */
export const CONSOLE_PORT = 8088;

/** The settings of the console, in addition to those of every process. */
export const consoleSpec = {
  CONSOLE_PORT: port({ default: CONSOLE_PORT, desc: 'HTTP port of the pages; PORT_OFFSET is added' }),
  CONSOLE_URL: str({
    default: '',
    desc: 'The address that people open, https but for this machine. Default: this machine, at the port',
    example: 'https://suivi.example.org',
  }),
  CONSOLE_KEYS: makeValidator(parseSecretKeys)({
    desc: 'Keys that encrypt the tokens of sessions: name:32 bytes in base64, separated by commas; the first encrypts, all decrypt',
  }),
  CONSOLE_CLIENT_ID: str({ default: 'crm-web', desc: 'The client of the realm by which people sign in' }),
  CONSOLE_CLIENT_SECRET: str({
    default: '',
    desc: 'Secret of CONSOLE_CLIENT_ID; needed with KEYCLOAK_REALM_URL. With JWT_SECRET people sign in by a name, on this machine only',
  }),
};

/** The checked settings. */
export type ConsoleConfig = {
  port: number;
  /** `https://suivi.example.org`: what a browser sends as Origin. */
  origin: string;
  cipher: SecretCipher;
  client: { id: string; secret: string };
};

type Values = Pick<
  ConfigOf<typeof consoleSpec>,
  'CONSOLE_PORT' | 'CONSOLE_URL' | 'CONSOLE_KEYS' | 'CONSOLE_CLIENT_ID' | 'CONSOLE_CLIENT_SECRET'
> & { HOST: string; PORT_OFFSET: number };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/**
 * Checks the settings of the console.
 * @throws EnvError naming the variable, if people could not sign in, or anybody could
 */
export function consoleConfig(values: Values, auth: AuthConfig): ConsoleConfig {
  const port = values.CONSOLE_PORT + values.PORT_OFFSET;
  const url = publicUrl(values.CONSOLE_URL || `http://127.0.0.1:${port}`);
  const isLocal = LOOPBACK.has(url.hostname);
  if (url.protocol !== 'https:' && !isLocal)
    throw new EnvError('CONSOLE_URL: must be https, else browsers refuse its cookie');
  if (auth.algorithm === 'HS256' && !(isLocal && LOOPBACK.has(values.HOST)))
    throw new EnvError(
      'JWT_SECRET: with it anybody signs in by a name, so HOST and CONSOLE_URL must be this machine; elsewhere set KEYCLOAK_REALM_URL',
    );
  if (auth.algorithm === 'RS256' && !values.CONSOLE_CLIENT_SECRET)
    throw new EnvError('CONSOLE_CLIENT_SECRET: missing, KEYCLOAK_REALM_URL is set');
  return {
    port,
    origin: url.origin,
    cipher: secretCipher(values.CONSOLE_KEYS, 'CONSOLE_KEYS'),
    client: { id: values.CONSOLE_CLIENT_ID, secret: values.CONSOLE_CLIENT_SECRET },
  };
}

function publicUrl(value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isPlain = url && !url.username && !url.search && !url.hash && url.pathname === '/';
  if (!isPlain || !/^https?:$/.test(url.protocol))
    throw new EnvError('CONSOLE_URL: must be an http or https URL without a path: https://suivi.example.org');
  return url;
}
