/**
 * What a page may do (https://www.w3.org/TR/CSP3/): nothing but what this server gives it. There is no inline script and no
 * inline style; React and react-aria set styles through the DOM, which this lets pass. `web/index.html` and
 * `web/style.css` have what react-aria would insert as a <style>.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  // mails, as documents that may do nothing: `mail-frames.ts`
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // one policy, which lets nothing pass but an empty text: `web/trusted-types.ts`
  'trusted-types default',
].join('; ');

const YEAR_S = 365 * 24 * 60 * 60;

/** The headers of every answer. */
export const securityHeaders = (origin: string): Record<string, string> => ({
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  ...(origin.startsWith('https:') && { 'strict-transport-security': `max-age=${YEAR_S}` }),
});

/** The headers of a mail in a frame of our pages: it may show itself, with its styles and the pictures in it. */
export const FRAMED_MAIL: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    // no script, no origin, no other window
    'sandbox',
  ].join('; '),
};
