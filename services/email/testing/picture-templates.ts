/**
 * Takes a picture of every template's sample, for people to look at: `node --import tsx
 * services/email/testing/picture-templates.ts FOLDER [WIDTH] [light|dark]`. Needs Chromium, at /usr/bin/chromium or
 * where CHROMIUM says.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { config } from '@crm/kit';
import { mailSpec } from '../mail-config.ts';
import { templates } from '../templates/index.ts';
import { renderTemplate } from '../templates/render-template.ts';
import { usualVariables } from '../usual-variables.ts';

const [folder = 'docs/emails', width = '600', scheme = 'light'] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'mail-pictures-'));
const words = config(mailSpec, { SMTP_URL: 'smtp://127.0.0.1' });

const chromium = async (...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.env.CHROMIUM ?? '/usr/bin/chromium', [
    ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    ...['--hide-scrollbars', `--user-data-dir=${join(scratch, 'profile')}`],
    `--blink-settings=preferredColorScheme=${scheme === 'dark' ? 0 : 1}`,
    ...args,
  ]);
  return stdout;
};

mkdirSync(folder, { recursive: true });
for (const [name, { sample }] of Object.entries(templates)) {
  const { html } = await renderTemplate(name, { ...usualVariables(words), ...sample });
  // Chromium's windows have a least width: a frame has not
  const framed = (height: string) => {
    const file = join(scratch, `${name}.html`);
    const frame = `<iframe id="mail" style="border:0;width:${width}px;height:${height}px" srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`;
    const measure = `<script>onload = () => { document.title = mail.contentDocument.documentElement.scrollHeight }</script>`;
    writeFileSync(file, `<meta charset="utf-8"><title></title><body style="margin:0">${frame}${measure}`);
    return `file://${file}`;
  };
  const [, height] = /<title>(\d+)<\/title>/.exec(await chromium('--dump-dom', framed('200'))) ?? [];
  if (!height) throw new Error(`${name}: its height could not be measured`);
  const file = join(folder, `${name}.png`);
  await chromium(`--window-size=${width},${height}`, `--screenshot=${file}`, framed(height));
  console.log(`${file}: ${width} x ${height}`);
}
rmSync(scratch, { recursive: true, force: true });
