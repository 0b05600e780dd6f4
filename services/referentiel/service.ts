import { implement, service } from '@crm/kit';
import { ModePaiementServiceService, MotifRejetServiceService } from '@crm/proto/referentiel/referentiel';
import { modesPaiement } from './modes-paiement.ts';
import { motifsRejet } from './motifs-rejet.ts';

export default service('referentiel', ({ db }) => [
  implement(MotifRejetServiceService, motifsRejet(db)),
  implement(ModePaiementServiceService, modesPaiement(db)),
]);
