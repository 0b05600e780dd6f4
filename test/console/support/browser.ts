import { AxeBuilder } from '@axe-core/playwright';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const hasBrowser = existsSync(CHROMIUM);
const isWhole = process.env.CONSOLE === 'all';

/** What `npm test` runs too: short stories, one a room. */
export const withBrowser = hasBrowser ? describe : describe.skip;
/** What only `npm run test:console` runs. */
export const whole = hasBrowser && isWhole ? describe : describe.skip;

export type Screen = { width?: number; colorScheme?: 'light' | 'dark' };

/** `npm run test:console` looks at all of them, `npm test` at one. */
export const SCREENS: [number, 'light' | 'dark'][] = isWhole
  ? [
      [1440, 'light'],
      [1440, 'dark'],
      [375, 'light'],
      [375, 'dark'],
    ]
  : [[375, 'dark']];

let browser: Browser;

beforeAll(async () => {
  if (hasBrowser)
    browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: process.getuid?.() !== 0 });
});
afterAll(() => browser?.close());

/** A page, and what must not happen on it: errors, and whatever the content security policy refuses. */
export async function openPage({ width = 1440, colorScheme = 'light' }: Screen = {}): Promise<{
  page: Page;
  faults: string[];
}> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    ...{ colorScheme, locale: 'fr-FR', timezoneId: 'America/New_York' },
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML/.test(message.text())) faults.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { page, faults };
}

export async function signIn(page: Page, nom: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Se connecter en tant que' });
  await field.fill(nom);
  await page.keyboard.press('Enter');
}

/** Goes on with the key Tab until a control of a part of the page has the focus. */
export async function tabTo(
  page: Page,
  part: Page | Locator,
  name: string | RegExp,
  role: Parameters<Page['getByRole']>[0] = 'button',
): Promise<void> {
  const control = part.getByRole(role, { name, exact: typeof name === 'string' });
  for (let steps = 0; steps < 40; steps += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(name)}`);
}

/** What axe has against a page: what is serious or critical. In the frame of a mail no script can run, nor can axe. */
export async function complaints(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .exclude('iframe.mail')
    // what react-aria has just read out names a button by its id, and stays for seconds after the button has gone
    .exclude('[data-live-announcer]')
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** How many pixels a page is wider than its window: 0 is right. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
