import { str } from 'envalid';

/** What the invoices service is told. */
export const invoiceSpec = {
  PENALITES_RETARD: str({
    default: 'taux de refinancement de la BCE majoré de 10 points de pourcentage',
    desc: 'Rate of late-payment penalties as business clients read it on invoices (C. com. L441-10, II)',
  }),
};
