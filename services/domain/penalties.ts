import { makeValidator } from 'envalid';

/** A yearly rate in percent, `12.15` or `12,15`, parsed to hundredths of a percent. */
const percent = makeValidator((input: string): number => {
  const [, whole, fraction = ''] = /^(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(input) ?? [];
  if (!whole) throw new Error('not a percentage');
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
});

/** The setting for late-payment penalties. Invoices and reminders state the same rate. */
export const penaltySpec = {
  TAUX_PENALITES: percent({
    default: undefined,
    desc: 'Yearly rate of late-payment penalties between businesses, in percent: 12.15. If omitted: the rate of C. com. L441-10 is named, the European Central Bank’s plus 10 points. At least three times the legal interest rate',
  }),
};

const PERCENT = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2 });

/**
 * The legal rate if nothing else is agreed (C. com. L441-10 II): the ECB's main refinancing rate plus 10
 * points, set anew each half-year.
 */
const LEGAL_RATE =
  'taux appliqué par la Banque centrale européenne à son opération de refinancement la plus récente, majoré de 10\u00a0points de pourcentage';

/**
 * The rate of late-payment penalties in words: `taux annuel de 12,15 %`.
 * @param hundredths of a percent. If omitted: the legal rate
 */
export const penaltyRateInWords = (hundredths: number | undefined): string =>
  hundredths === undefined ? LEGAL_RATE : `taux annuel de ${PERCENT.format(hundredths / 100)}\u00a0%`;
