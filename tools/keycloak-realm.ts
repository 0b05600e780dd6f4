import { PORTS } from '@crm/kit/ports';

/** The names of the realm's clients: `suivi-clients`; the workers' is `suivi-workers`. */
const clientId = (name: string): string => `suivi-${name}`;

/** All that a token tells a service: who calls, and for which audience. No name, no address, no role. */
const SCOPES = [
  scope('basic', 'Who calls', [mapper('sub', 'oidc-sub-mapper', {})]),
  scope('profile', 'How a service account is known: its name, and its client', [
    mapper('username', 'oidc-usermodel-attribute-mapper', {
      'user.attribute': 'username',
      'claim.name': 'preferred_username',
      'jsonType.label': 'String',
    }),
    // only the client-credentials grant creates this note, so no person's token has the claim
    mapper('client', 'oidc-usersessionmodel-note-mapper', {
      'user.session.note': 'client_id',
      'claim.name': 'client_id',
      'jsonType.label': 'String',
    }),
  ]),
  scope('crm', 'Services of the CRM accept the token', [
    mapper('audience', 'oidc-audience-mapper', { 'included.custom.audience': 'crm' }),
  ]),
];

/**
 * The text of `docker/keycloak/crm-realm.json`: the realm that Keycloak imports when it starts on an empty
 * database. Keycloak replaces `${NAME}` from its environment, so the file has no secrets.
 * https://www.keycloak.org/server/importExport
 */
export function keycloakRealm(): string {
  const realm = {
    realm: 'crm',
    enabled: true,
    displayName: 'CRM',
    sslRequired: 'external',
    accessTokenLifespan: 300,
    defaultSignatureAlgorithm: 'RS256',
    bruteForceProtected: true,
    passwordPolicy: 'length(12)',
    clientScopes: SCOPES,
    defaultDefaultClientScopes: SCOPES.map(({ name }) => name),
    clients: [
      // the console: authorization code with PKCE, by its server; a logout at the realm ends its sessions
      {
        ...client('crm-web'),
        standardFlowEnabled: true,
        secret: '${CRM_WEB_SECRET}',
        redirectUris: ['${CRM_WEB_URL}/auth/callback'],
        attributes: {
          'pkce.code.challenge.method': 'S256',
          'backchannel.logout.url': '${CRM_WEB_LOGOUT_URL}',
          'backchannel.logout.session.required': 'true',
        },
      },
      {
        ...client(clientId('workers')),
        serviceAccountsEnabled: true,
        secret: '${KEYCLOAK_CLIENT_SECRET}',
      },
      // services verify tokens and forward their callers' tokens: their clients have names but no login
      ...Object.keys(PORTS).map((name) => client(clientId(name))),
      // a client with a password grant for trying things out, disabled by default
      {
        ...client('crm-try'),
        enabled: '${KEYCLOAK_TRY_ENABLED:false}',
        publicClient: true,
        directAccessGrantsEnabled: true,
      },
    ],
    users: [
      {
        username: 'alice',
        // without these fields Keycloak asks the user to complete the profile first; none of them is in a
        // token
        firstName: 'Alice',
        lastName: 'Essai',
        email: 'alice@example.org',
        enabled: '${KEYCLOAK_TRY_ENABLED:false}',
        credentials: [{ type: 'password', value: '${KEYCLOAK_TRY_PASSWORD:}', temporary: false }],
      },
    ],
  };
  return `${JSON.stringify(realm, null, 2)}\n`;
}

function client(id: string) {
  return {
    clientId: id,
    protocol: 'openid-connect',
    publicClient: false,
    standardFlowEnabled: false,
    implicitFlowEnabled: false,
    directAccessGrantsEnabled: false,
    serviceAccountsEnabled: false,
    fullScopeAllowed: false,
  };
}

function scope(name: string, description: string, protocolMappers: object[]) {
  const attributes = { 'include.in.token.scope': 'false', 'display.on.consent.screen': 'false' };
  return { name, description, protocol: 'openid-connect', attributes, protocolMappers };
}

function mapper(name: string, protocolMapper: string, config: Record<string, string>) {
  const claims = { 'access.token.claim': 'true', 'introspection.token.claim': 'true' };
  return { name, protocol: 'openid-connect', protocolMapper, config: { ...claims, ...config } };
}
