import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopChild } from '@crm/tools/child';
import { openDataFolder } from '@crm/tools/data-folder';
import { startKeycloak } from './keycloak-server.ts';
import getPort from 'get-port';

/** The answer of Keycloak's token endpoint (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3). */
type Tokens = { access_token: string; id_token?: string; refresh_token?: string; expires_in: number };

export type Keycloak = {
  realmUrl: string;
  /** The workers' client. */
  workers: { id: string; secret: string };
  /** The console's client. */
  web: { secret: string };
  /** The test user's. */
  password: string;
  /** Tells the realm where people open the console. */
  moveConsole(url: string): Promise<void>;
  /** Tokens of the test user, by the password grant. */
  login(extra?: Record<string, string>): Promise<Tokens>;
  /** Tokens of a client's service account. */
  clientCredentials(id: string, secret: string): Promise<Tokens>;
  /** A token of the realm `master`, of the same server. */
  masterToken(): Promise<Tokens>;
  /** Calls the admin REST interface of the realm; returns the body. */
  admin<T>(method: string, path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
};

const secret = (): string => randomBytes(24).toString('base64url');

/**
 * A real Keycloak with the realm of docker/keycloak, on free ports, with generated secrets.
 */
export async function startTestKeycloak(): Promise<Keycloak> {
  const dataDir = mkdtempSync(join(tmpdir(), 'suivi-keycloak-'));
  openDataFolder(dataDir);
  const [port, managementPort] = [await getPort(), await getPort()];
  const admin = { id: 'bootstrap', secret: secret() };
  const workers = { id: 'suivi-workers', secret: secret() };
  const web = { secret: secret() };
  const password = secret();
  const child = await startKeycloak({
    dataDir,
    port,
    managementPort,
    env: {
      KC_BOOTSTRAP_ADMIN_CLIENT_ID: admin.id,
      KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: admin.secret,
      KEYCLOAK_CLIENT_SECRET: workers.secret,
      KEYCLOAK_TRY_ENABLED: 'true',
      KEYCLOAK_TRY_PASSWORD: password,
      CRM_WEB_URL: 'http://localhost:3000',
      CRM_WEB_SECRET: web.secret,
      CRM_WEB_LOGOUT_URL: 'http://localhost:3000/auth/backchannel-logout',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const realmUrl = `${url}/realms/crm`;
  type WebClient = { id: string; redirectUris: string[]; attributes: Record<string, string> };
  const masterToken = () => clientCredentials(`${url}/realms/master`, admin.id, admin.secret);
  async function callAdmin<T>(method: string, path: string, body?: object): Promise<T> {
    const { access_token: token } = await masterToken();
    const response = await fetch(`${url}/admin/realms/crm${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
  return {
    realmUrl,
    workers,
    web,
    password,
    login: (extra) =>
      grant(realmUrl, {
        ...{ grant_type: 'password', client_id: 'crm-try', username: 'alice', password },
        ...extra,
      }),
    clientCredentials: (id, itsSecret) => clientCredentials(realmUrl, id, itsSecret),
    masterToken,
    async moveConsole(where) {
      const [web] = await callAdmin<WebClient[]>('GET', '/clients?clientId=crm-web');
      const moved = (text: string) => text.replace('http://localhost:3000', where);
      const logout = 'backchannel.logout.url';
      await callAdmin('PUT', `/clients/${web!.id}`, {
        ...web!,
        redirectUris: web!.redirectUris.map(moved),
        attributes: { ...web!.attributes, [logout]: moved(web!.attributes[logout]!) },
      });
    },
    admin: callAdmin,
    async stop() {
      await stopChild(child, 5_000);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const clientCredentials = (realmUrl: string, id: string, itsSecret: string) =>
  grant(realmUrl, { grant_type: 'client_credentials', client_id: id, client_secret: itsSecret });

async function grant(realmUrl: string, form: Record<string, string>): Promise<Tokens> {
  const response = await fetch(`${realmUrl}/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as Tokens & { error?: string; error_description?: string };
  if (!response.ok) throw new Error(`no token: ${answer.error} (${answer.error_description})`);
  return answer;
}
