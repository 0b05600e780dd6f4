import { readdirSync, readFileSync } from 'node:fs';
import { todayInParis } from '@crm/domain';

/** Where the cases are: a file each, with its right answer in the comment that it begins with. */
const FOLDER = new URL('../bank-cases/', import.meta.url).pathname;

/** What the debits are before the report comes, and what is right after it. See test/bank-cases/README.md. */
export type BankCase = {
  name: string;
  /** "750.00", "750.00 ENCAISSE", "750.00 RETOURNE 2026-11-24": euros, and what happened to it, when. */
  debits: string[];
  /** By which mandate each debit is, counted from 1. Left out: each has its own. */
  mandates?: number[];
  /** How many lines became what; what is not named is 0. */
  lines: Partial<Record<(typeof LINES)[number], number>>;
  /** Of each debit's payment, what matters. */
  payments: Record<string, unknown>[];
  /** Of each unknown line, what matters; texts are parts of what is said. */
  unknown?: Record<string, unknown>[];
  /** Words that lines say of what they did. */
  motifs?: string[];
  /** Why the file is refused. */
  refused?: string;
  content: string;
};

export const LINES = ['confirmes', 'rejetes', 'inconnus', 'frais', 'informations', 'autres'] as const;

/** Every case in the folder. */
export const bankCases = (): BankCase[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => {
      const content = readFileSync(FOLDER + name, 'utf8');
      const comment = /<!--([\s\S]*?)-->/.exec(content)?.[1] ?? '';
      try {
        const answer = JSON.parse(comment.slice(comment.indexOf('{'))) as Omit<BankCase, 'name' | 'content'>;
        return { ...answer, name: name.replace(/\.xml$/, ''), content };
      } catch (error) {
        throw new Error(`${name} does not begin with a comment that has its answer in JSON`, {
          cause: error,
        });
      }
    });

/** A debit as it was presented: what stands for it in a case. */
export type Presented = { endToEndId: string; rum: string; blocId: string; messageId: string };

/** A case's text with what was presented in the place of its placeholders. */
export function filledIn(text: string, presented: Presented[]): string {
  const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
  return text
    .replace(/@(E2E|RUM|PMTINFID|MSGID)(-UPPER)?(?:-(\d+))?@/g, (whole, what: string, upper, nth = '1') => {
      const one = presented[Number(nth) - 1];
      if (!one) throw new Error(`${whole}: there are ${presented.length} debits`);
      const values = { E2E: one.endToEndId, RUM: one.rum, PMTINFID: one.blocId, MSGID: one.messageId };
      const value = values[what as keyof typeof values];
      return upper ? value.toUpperCase() : value;
    })
    .replace(/@IN-(\d+)-DAYS@/g, (_, days) => inDays(Number(days)))
    .replaceAll('@TODAY@', todayInParis());
}
