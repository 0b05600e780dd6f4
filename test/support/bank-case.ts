import { readdirSync, readFileSync } from 'node:fs';
import { todayInParis } from '@crm/domain';

/** The folder of the cases: one file each, with the right result in its first comment. */
const FOLDER = new URL('../bank-cases/', import.meta.url).pathname;

/** The debits before the report, and the right result after it. See test/bank-cases/README.md. */
export type BankCase = {
  name: string;
  /**
   * "750.00", "750.00 ENCAISSE", "750.00 RETOURNE 2026-11-24": the amount in euros, and what happened to it,
   * when.
   */
  debits: string[];
  /** The mandate of each debit, counted from 1. If omitted: each has its own. */
  mandates?: number[];
  /** The number of lines for each result. Omitted ones are 0. */
  lines: Partial<Record<(typeof LINES)[number], number>>;
  /** For the payment of each debit: the relevant fields. */
  payments: Record<string, unknown>[];
  /** For each unknown line: the relevant fields. Texts need only be contained. */
  unknown?: Record<string, unknown>[];
  /** Words in the notes of lines. */
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

/** A presented debit, for the placeholders of a case. */
export type Presented = { endToEndId: string; rum: string; blocId: string; messageId: string };

/** Replaces the placeholders in a case's text by what was presented. */
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
