/** The addresses of NATS, and the login. */
export type NatsServers = { servers: string[]; login?: { user: string; pass: string } };

/**
 * Takes the login out of the URLs: the NATS client ignores it there, and reads a password that begins with a
 * digit as the port. There is one login for all servers.
 * @param url `nats://user:password@host:port`, several separated by commas; characters of the login that are
 *   not allowed in URLs are percent-encoded (RFC 3986, section 3.2.1)
 * @throws {Error} two different logins, or one that is not properly encoded; neither is repeated
 */
export function readServers(url: string): NatsServers {
  const parts = url.split(',').map((text) => /^(?:([a-z]+:\/\/))?(?:(.*)@)?([^@]*)$/s.exec(text.trim())!);
  const servers = parts.map(([, scheme = '', , address = '']) => scheme + address);
  const [login, ...others] = new Set(parts.flatMap(([, , text]) => text || []));
  if (others.length) throw new Error('NATS_URL has two logins: there is one for all servers.');
  if (login === undefined) return { servers };
  const [, user = '', pass = ''] = /^([^:]*):?(.*)$/s.exec(login)!;
  try {
    return { servers, login: { user: decodeURIComponent(user), pass: decodeURIComponent(pass) } };
  } catch {
    throw new Error('NATS_URL has a login that is not percent-encoded as it should be.');
  }
}
