import { formatDate, formatInstant, presentationInWords } from '@crm/domain';
import { GenreReponse, StatutEmail, type Email, type Reponse } from '@crm/proto/email/email';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { ActionRelance } from '@crm/proto/relance/relance';
import { StatutTentative } from '@crm/proto/retry/retry';

/** "1er juin 2026 à 09:00", in Paris; empty if there is none. */
export const instant = (at: Date | undefined): string => (at ? formatInstant(at) : '');

/** "1er juin 2026"; empty if there is none. */
export const day = (date: string | Date | undefined): string => (date ? formatDate(date) : '');

/** The French name of an action. Another release may have recorded others. */
export const decision = (action: ActionRelance): string =>
  (DECISIONS as Partial<Record<ActionRelance, string>>)[action] ?? action;

/** The actions of this release. The type makes a new one fail to compile until it is named here. */
const DECISIONS: Record<Exclude<ActionRelance, ActionRelance.UNSPECIFIED>, string> = {
  [ActionRelance.PLANIFICATION]: 'Relances planifiées',
  [ActionRelance.ENVOI]: 'Relance envoyée',
  [ActionRelance.SAUT]: 'Niveau non envoyé',
  [ActionRelance.PAUSE]: 'Relances mises en pause',
  [ActionRelance.REPRISE]: 'Relances reprises',
  [ActionRelance.ENVOI_DEMANDE]: 'Envoi immédiat demandé',
  [ActionRelance.ANNULATION]: 'Relances annulées',
  [ActionRelance.SOLDE]: 'Facture soldée, fin des relances',
  [ActionRelance.REARMEMENT]: 'Relances reprises après un impayé',
  [ActionRelance.MIGRATION]: 'Relances passées aux règles en vigueur',
  [ActionRelance.ADOPTION]: 'Relances d’une facture antérieure à Suivi reprises',
  [ActionRelance.ATTENTE]: 'Relances en attente',
  [ActionRelance.LEVEE]: 'Fin de l’attente',
  [ActionRelance.TACHE_RELANCE]: 'Tâche de relance créée',
  [ActionRelance.ECHEANCE_MODIFIEE]: 'Relances replanifiées, l’échéance ayant changé',
};

/** The result of a mail, in French. */
export function fate({ statut, envoyeAt, bounceAt, codeRefus, erreur }: Email): string {
  const why = erreur.startsWith(codeRefus) ? erreur : `${codeRefus}, ${erreur}`;
  const because = why ? ` (${why})` : '';
  switch (statut) {
    case StatutEmail.ENVOYE:
      return `remis au serveur de messagerie le ${instant(envoyeAt)}`;
    case StatutEmail.BOUNCE:
      return `remis au serveur de messagerie le ${instant(envoyeAt)}, revenu non distribué le ${instant(bounceAt)}${because}`;
    case StatutEmail.REFUSE:
      return `refusé par le serveur de messagerie${because}`;
    case StatutEmail.INCONNU:
      return `remise incertaine : la connexion a été coupée pendant l’envoi${because}`;
    default:
      return `pas encore envoyé${because}`;
  }
}

/**
 * The note for an automatic answer: "réponse automatique (Auto-Submitted: auto-replied)"; empty for others.
 */
export const automatic = ({ genre, raison }: Reponse): string =>
  genre === GenreReponse.AUTOMATIQUE ? `réponse automatique${raison && ` (${raison})`}` : '';

/** The address that an answer gives as its sender. */
export const sender = ({ de }: Reponse): string => de || 'un expéditeur qui ne se nomme pas';

/** The lines of a text, with any kind of line ending. */
export const linesOf = (text: string): string[] => text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/);

/** The state of a payment, in French. */
export function standing({ statut, tentative, ...payment }: Payment): string {
  const attempt = tentative > 1 ? `, ${presentationInWords(tentative)}` : '';
  switch (statut) {
    case StatutPaiement.PLANIFIE:
      return `prévu le ${day(payment.datePrevue)}${attempt}`;
    case StatutPaiement.EMIS:
      return `remis à la banque le ${day(payment.dateEmission)} pour le ${day(payment.datePrevue)}${attempt}`;
    case StatutPaiement.ENCAISSE:
      return `encaissé le ${day(payment.dateReception)}${attempt}`;
    case StatutPaiement.REJETE:
      return `rejeté le ${day(payment.dateRejet)}, motif ${payment.motifRejet}${attempt}`;
    default:
      return statut;
  }
}

/** The result of a retry attempt, in French. */
export const attemptStanding = (statut: StatutTentative): string => ATTEMPTS[statut] ?? statut;

const ATTEMPTS: Partial<Record<StatutTentative, string>> = {
  [StatutTentative.PREVUE]: 'prévue',
  [StatutTentative.SOUMISE]: 'remise à la banque',
  [StatutTentative.REUSSIE]: 'encaissée',
  [StatutTentative.REJETEE]: 'rejetée',
  [StatutTentative.ABANDONNEE]: 'abandonnée',
};
