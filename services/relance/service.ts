import { implement, service } from '@crm/kit';
import { RegleSuiviServiceService, SuiviServiceService } from '@crm/proto/relance/relance';
import { reglesSuivi } from './regles-suivi.ts';
import { suivis } from './suivis.ts';

export default service('relance', ({ db }) => [
  implement(SuiviServiceService, suivis(db)),
  implement(RegleSuiviServiceService, reglesSuivi(db)),
]);
