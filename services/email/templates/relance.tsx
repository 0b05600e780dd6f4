import { overdueSample } from './invoice.tsx';
import { reminder } from './reminder.tsx';

/** A firmer reminder, the level after `rappel`. */
export const relance = reminder({
  name: 'Relance',
  notReceived: 'nous n’avons toujours pas reçu le règlement',
  asks: ['Nous vous demandons de régler', 'sans attendre'],
  question: 'Vous contestez cette facture, ou ne pouvez pas la régler en une fois',
  sample: overdueSample,
});
