import { invoiceSample } from './invoice.tsx';
import { reminder } from './reminder.tsx';

/** The first, friendly reminder. With the usual terms it is sent before the due date. */
export const rappel = reminder({
  name: 'Rappel',
  notReceived: 'nous n’avons pas encore reçu le règlement',
  asks: ['Nous vous remercions de régler', 'dès que possible'],
  question: 'Une difficulté, une question',
  sample: invoiceSample,
});
