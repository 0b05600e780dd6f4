import { decodeJwt, jwtVerify } from 'jose';
import { createToken } from './create-token.ts';

const secret = 'a secret of thirty-two bytes or more';
const key = new TextEncoder().encode(secret);

test('a token holds who, by whom, for whom and until when', async () => {
  const token = await createToken({ sub: 'alice', expires: '5m', secret, env: {} });
  const { payload, protectedHeader } = await jwtVerify(token, key, { issuer: 'suivi', audience: 'crm' });
  expect(protectedHeader.alg).toBe('HS256');
  expect(payload.sub).toBe('alice');
  expect(payload.exp! - payload.iat!).toBe(300);
});

test('issuer and audience follow the environment', async () => {
  const env = { AUTH_ISSUER: 'https://issuer', AUTH_AUDIENCE: 'other' };
  const token = await createToken({ sub: 'dev', expires: '12h', secret, env });
  expect(decodeJwt(token)).toMatchObject({ iss: 'https://issuer', aud: 'other' });
});

test.each([
  [{ expires: 'soon' }, '--expires soon is no length of time'],
  [{ expires: '300' }, '--expires 300 is no length of time'],
  [{ secret: 'short' }, 'JWT_SECRET has 5 bytes'],
  [{ sub: '' }, '--sub must not be empty'],
])('%j is refused', async (wrong, message) => {
  await expect(createToken({ sub: 'dev', expires: '1h', secret, env: {}, ...wrong })).rejects.toThrow(
    message,
  );
});
