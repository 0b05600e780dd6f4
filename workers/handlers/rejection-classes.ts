import { type MailTemplate, NBSP } from '@crm/domain';
import { ClasseRejet } from '@crm/proto/referentiel/referentiel';

/** What the client and the finance team are told when a debit was rejected. */
type RejectionClass = {
  /** The name of the class, in French. */
  name: string;
  /** The sentence for the finance team: what happens next. */
  follows: string;
  /** The template of the mail that the client gets at once. Without one the client gets no mail. */
  modele?: MailTemplate;
  /** The payment is presented again by itself, and the mails of its retries tell the client when. */
  presentedAgain?: true;
};

/**
 * The texts for each class of rejection reasons. The class of a code, AM04 for example, is a row of
 * `referentiel.motifs_rejet`; `services/retry/eligibilite.ts` decides by it whether the payment is presented again.
 */
const CLASSES: Partial<Record<ClasseRejet, RejectionClass>> = {
  [ClasseRejet.REESSAI]: {
    name: 'nouvel essai',
    follows: 'Il sera présenté de nouveau selon la politique de nouvelle présentation.',
    modele: 'rejet-am04',
    presentedAgain: true,
  },
  [ClasseRejet.REESSAI_SUR_OPTION]: {
    name: 'nouvel essai sur option',
    follows: 'Il ne sera présenté de nouveau que si la politique de nouvelle présentation prévoit ce motif.',
  },
  [ClasseRejet.NOUVELLES_COORDONNEES]: {
    name: 'nouvelles coordonnées bancaires',
    follows:
      'Il ne sera pas présenté de nouveau avant que le client n’ait donné de nouvelles coordonnées bancaires, qui lui sont demandées.',
    modele: 'rejet-nouvelles-coordonnees',
  },
  [ClasseRejet.CORRECTION_TECHNIQUE]: {
    name: 'correction technique',
    follows: `Il ne sera pas présenté de nouveau${NBSP}: une correction technique est nécessaire d’abord.`,
  },
};

const ARRET: RejectionClass = {
  name: 'arrêt',
  follows: `Il ne sera pas présenté de nouveau${NBSP}: à vous de décider de la suite.`,
};

/** The texts for a class. A class that this version does not know is treated as ARRET: a person decides. */
export const rejectionClass = (classe: ClasseRejet): RejectionClass => CLASSES[classe] ?? ARRET;
