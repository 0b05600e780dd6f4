import { GenreLigne, type LigneChronologie } from '../../gen/proto/chronologie/chronologie_pb.ts';
import { ActionRelance } from '../../gen/proto/relance/relance_pb.ts';
import { GenreAttente, ResultatAttente } from '../../gen/proto/relance/attentes_pb.ts';
import { instant, shortDay } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';

/** A line as people read it. */
export type Said = {
  what: string;
  mark?: { text: string; tone: 'good' | 'bad' | 'warn' | '' };
  /** In addition to the line's own text and reason. */
  detail?: string;
  /** The reason in words, where it is a code. */
  motif?: string;
  /** The text of the line is worth showing. */
  isTextShown: boolean;
};

/**
 * The words of a line: what happened; who, why and about what are shown beside them.
 * @param reasons the words of the bank's codes
 */
export function lineInWords(line: LigneChronologie, m: Messages, reasons: ReadonlyMap<string, string>): Said {
  const { genre, code, titre, numero, jour } = line;
  const w = m.client.lignes;
  const on = jour && shortDay(jour);
  switch (genre) {
    case GenreLigne.COURRIEL:
      return { what: titre, ...mailMark(code, m), detail: w.a(line.texte), isTextShown: false };
    case GenreLigne.RETOUR_COURRIEL:
      return { what: w.retour(titre), mark: { text: w.revenu, tone: 'bad' }, isTextShown: true };
    case GenreLigne.REPONSE_RECUE:
      return code === 'AUTOMATIQUE'
        ? { what: w.reponseAutomatique, detail: titre, isTextShown: true }
        : { what: w.reponse, detail: titre, isTextShown: true };
    case GenreLigne.RELANCE: {
      const action = ActionRelance[code as keyof typeof ActionRelance];
      const what = m.historique.actions[action] ?? m.historique.autre;
      return { what: numero > 0 ? `${what} · ${m.historique.niveau(numero)}` : what, isTextShown: true };
    }
    case GenreLigne.ATTENTE:
      return { what: w.attente(holdName(code, m), on), isTextShown: true };
    case GenreLigne.FIN_ATTENTE: {
      const result = ResultatAttente[code as keyof typeof ResultatAttente];
      const isKept = result === ResultatAttente.ATTENTE_TENUE;
      const isBroken = result === ResultatAttente.ATTENTE_ROMPUE;
      return {
        what: w.finAttente(holdName(line.avant, m)),
        mark: { text: m.attentes.resultats[result] ?? '', tone: isKept ? 'good' : isBroken ? 'bad' : '' },
        isTextShown: true,
      };
    }
    case GenreLigne.REESSAI:
      return code === 'PLANIFICATION'
        ? {
            what: line.apres.startsWith('NOT_') ? w.sansReessai(titre) : w.reessais(titre),
            isTextShown: true,
          }
        : { what: w.reessai[code] ?? w.reessaiChange, isTextShown: true };
    case GenreLigne.PRELEVEMENT:
      return {
        what: (w.prelevement[code] ?? w.prelevement.PLANIFIE!)(on),
        ...(numero > 1 && { detail: m.paiements.tentative(numero) }),
        isTextShown: true,
      };
    case GenreLigne.REJET:
      return {
        what: w.rejet(reasons.get(code) ?? code),
        mark: { text: code, tone: 'bad' },
        detail: [on && w.le(on), numero > 1 ? m.paiements.tentative(numero) : ''].filter(Boolean).join(' · '),
        isTextShown: true,
      };
    case GenreLigne.ACTIVITE:
      return { what: w.activites[code] ?? w.activites.NOTE!, isTextShown: true };
    case GenreLigne.TACHE:
      return { what: w.tache(titre), ...taskChange(line, m) };
    case GenreLigne.FACTURE:
      return code === 'PAYEE'
        ? { what: w.facturePayee(titre, on), mark: { text: w.payee, tone: 'good' }, isTextShown: false }
        : { what: w.factureEmise(titre), detail: on && w.echeance(on), isTextShown: true };
    case GenreLigne.AVOIR:
      return { what: w.avoir(titre), isTextShown: true };
    case GenreLigne.CLIENT:
      return clientChange(line, m);
    case GenreLigne.CONTRAT:
      return {
        what: code === 'RESILIE' ? w.contratResilie(titre, on) : w.contratSigne(titre, on),
        isTextShown: true,
      };
    default:
      return { what: titre || m.historique.autre, isTextShown: true };
  }
}

function mailMark(code: string, m: Messages): Pick<Said, 'mark'> {
  const text = m.client.lignes.courriels[code];
  if (!text) return {};
  return {
    mark: {
      text,
      tone: code === 'ENVOYE' ? 'good' : code === 'REFUSE' || code === 'BOUNCE' ? 'bad' : 'warn',
    },
  };
}

function holdName(code: string, m: Messages): string {
  return m.client.lignes.attentes[GenreAttente[code as keyof typeof GenreAttente]] ?? m.client.lignes.retenue;
}

/** What changed of a task. Who it was given to has an id that says nothing: that it was given away is enough. */
function taskChange({ code, avant, apres }: LigneChronologie, m: Messages): Omit<Said, 'what'> {
  const w = m.client.lignes.taches;
  const state = (statut: string) => w.statuts[statut] ?? statut;
  switch (code) {
    case 'CREATION':
      return { mark: { text: w.creee, tone: '' }, isTextShown: true };
    case 'statut':
      return {
        mark: { text: state(apres), tone: apres === 'TERMINEE' ? 'good' : '' },
        isTextShown: false,
      };
    case 'echeance':
      return {
        mark: { text: w.echeance, tone: '' },
        detail: apres ? w.pour(instant(timestampFromDate(new Date(apres)))) : w.sansEcheance,
        isTextShown: false,
      };
    case 'assigneA':
      return { mark: { text: w.assignee, tone: '' }, isTextShown: false };
    default:
      return {
        mark: { text: w.changee, tone: '' },
        detail: avant && apres && w.de(avant, apres),
        isTextShown: false,
      };
  }
}

function clientChange({ code, avant, apres }: LigneChronologie, m: Messages): Said {
  const w = m.client.lignes.fiche;
  const isOn = apres === 'true';
  switch (code) {
    case 'CREATION':
      return { what: w.creation, isTextShown: false };
    case 'sansRelance':
      return { what: isOn ? w.opposition : w.finOpposition, isTextShown: false };
    case 'bloque':
      return { what: isOn ? w.blocage : w.finBlocage, isTextShown: false };
    case 'email':
      return { what: w.adresse, detail: w.de(avant || '—', apres || '—'), isTextShown: false };
    case 'emailStatut':
      return { what: w.adresseBonne, isTextShown: false };
    default:
      return { what: w.responsable, isTextShown: false };
  }
}
