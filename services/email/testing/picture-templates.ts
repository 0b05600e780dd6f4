/**
 * Takes a picture of every template's sample for people to look at: 600 and 360 px wide, light and dark, side
 * by side. `npm run pictures`, or with a folder and template names: `npm run pictures -- FOLDER relance
 * facture`. Needs Chromium at /usr/bin/chromium or where CHROMIUM says; pngquant, if installed, makes the
 * files small.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { config } from '@crm/kit';
import { Societe } from '@crm/proto/organisations/organisations';
import { mailSpec } from '../mail-config.ts';
import { sampleOf, templates } from '../templates/index.ts';
import { renderTemplate } from '../templates/render-template.ts';
import { usualVariables } from '../usual-variables.ts';

const [folder = 'docs/emails', ...names] = process.argv.slice(2);
const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'mail-pictures-'));
const words = config(mailSpec, { SMTP_URL: 'smtp://127.0.0.1' });
/** The sender of the samples. */
const societe = Societe.fromPartial({
  ...{ raisonSociale: 'Énergie & Cie', formeJuridique: 'SAS', capital: 10_000_00n, siren: '732829320' },
  ...{ rcs: 'Paris', numeroTva: 'FR44732829320', adresse: '1 rue de la Paix\n75002 Paris' },
  contact: 'contact@energie.invalid',
  paiement: 'Virement : IBAN FR14 2004 1010 0505 0001 3M02 606, BIC PSSTFRPPLIL',
});

const chromium = async (...args: string[]): Promise<string> => {
  const { stdout } = await run(process.env.CHROMIUM ?? '/usr/bin/chromium', [
    ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    ...['--hide-scrollbars', `--user-data-dir=${join(scratch, 'profile')}`, ...args],
  ]);
  return stdout;
};

const WIDTHS = [600, 360];
const GAP = 16;
const attribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** One page with the mail in four frames. The mail takes a frame's colour scheme for its reader's. */
function sheet(name: string, html: string, heights: number[]): string {
  const frame = (width: number, scheme: string, height: number) =>
    `<iframe style="color-scheme:${scheme};width:${width}px;height:${height}px" srcdoc="${attribute(html)}"></iframe>`;
  const frames = WIDTHS.flatMap((width, at) =>
    ['light', 'dark'].map((scheme) => frame(width, scheme, heights[at]!)),
  );
  const style = `body{margin:0;display:flex;align-items:flex-start;gap:${GAP}px;background:#7b8794}iframe{border:0;flex:none}`;
  const measure = `<script>onload = () => { document.title = [0, 2].map((at) => frames[at].document.documentElement.scrollHeight) }</script>`;
  const file = join(scratch, `${name}.html`);
  writeFileSync(
    file,
    `<!doctype html><meta charset="utf-8"><title></title><style>${style}</style><body>${frames.join('')}${measure}`,
  );
  return `file://${file}`;
}

mkdirSync(folder, { recursive: true });
const width = WIDTHS.reduce((sum, each) => sum + 2 * each, 0) + 3 * GAP;
for (const name of names.length ? names : Object.keys(templates)) {
  const usual = usualVariables(words, societe);
  const { html } = await renderTemplate(name, { ...usual, ...sampleOf(name, usual) });
  const measured = await chromium(`--window-size=${width},900`, '--dump-dom', sheet(name, html, [200, 200]));
  const heights = /<title>(\d+),(\d+)<\/title>/.exec(measured)?.slice(1).map(Number);
  if (!heights) throw new Error(`${name}: its height could not be measured`);
  const file = join(folder, `${name}.png`);
  const height = Math.max(...heights);
  await chromium(`--window-size=${width},${height}`, `--screenshot=${file}`, sheet(name, html, heights));
  if (existsSync('/usr/bin/pngquant')) {
    await run('/usr/bin/pngquant', ['--force', '--output', file, '--nofs', '--speed', '1', '16', file]);
  }
  console.log(`${file}: ${width} x ${height}`);
}
rmSync(scratch, { recursive: true, force: true });
