/** A level of reminders as its rule says it; enums as numbers of the contract. */
export type SentencedLevel = {
  base: number;
  delai: string;
  modele: string;
  canal: number;
  ouverture: string;
  fermeture: string;
  tousLesJours: boolean;
  espacement: string;
  malgrePrelevement: boolean;
  /** In cents. */
  montantMinimum: number;
};

/** A retry policy as it is stored. */
export type SentencedPolicy = {
  delaisJours: number[];
  maxTentatives: number;
  maxJoursTotal: number;
  heureLimite: string;
  codesSupplementaires: string[];
};

/** The words of sentences, one set for each language. */
export type RuleWords = {
  /** "15 jours", from an amount of a unit. */
  jours: (nombre: number) => string;
  heures: (nombre: number) => string;
  minutes: (nombre: number) => string;
  secondes: (nombre: number) => string;
  et: string;
  /** Between when and what: with a space before the colon in French. */
  deuxPoints: (quand: string, quoi: string) => string;
  /** "J+15 après la facture". */
  apresFacture: (delai: string) => string;
  apresEcheance: (delai: string) => string;
  /** How days are written in front of "après la facture": "J+15". */
  jourPlus: (jours: number) => string;
  a: (heure: string) => string;
  touteHeure: string;
  tousLesJours: string;
  siAuMoins: (montant: string) => string;
  malgrePrelevement: string;
  espacement: (duree: string) => string;
  sansEspacement: string;
  modeles: Record<string, string>;
  appel: string;
  lettre: string;
  heure: (heures: number, minutes: number) => string;
  euros: (cents: number) => string;
  presentation: (rang: number) => string;
  representations: (codes: string, liste: string) => string;
  sansRepresentation: (codes: string) => string;
  remise: (heure: string) => string;
  auPlusTard: (jours: string) => string;
  suivi: (delai: string, rappel: string) => string;
  aussitot: string;
};

const CALL = 2;
const LETTER = 3;
const FROM_DUE_DATE = 2;
/** The usual distance from the client's last reminder: it is not said. */
const USUAL_DISTANCE = 'PT24H';
/** The code that every policy retries. */
const ALWAYS_RETRIED = 'AM04';

/** A rule as people read it: "J+15 après la facture, à 9 h, si au moins 20 € : mail Rappel". */
export function levelSentence(level: SentencedLevel, words: RuleWords): string {
  const { base, delai, montantMinimum, espacement } = level;
  const after = base === FROM_DUE_DATE ? words.apresEcheance : words.apresFacture;
  const distance = isNothing(espacement)
    ? words.sansEspacement
    : espacement === USUAL_DISTANCE || espacement === 'P1D'
      ? ''
      : words.espacement(spell(espacement, words));
  const conditions = [
    after(delayOf(delai, words)),
    hoursOf(level, words),
    level.tousLesJours ? words.tousLesJours : '',
    montantMinimum > 0 ? words.siAuMoins(words.euros(montantMinimum)) : '',
    level.malgrePrelevement ? words.malgrePrelevement : '',
    distance,
  ];
  return words.deuxPoints(conditions.filter(Boolean).join(', '), channelOf(level, words));
}

/** A policy as people read it: "AM04 : 2e présentation J+5, 3e J+10 après le rejet, remises à 10 h". */
export function policySentence(policy: SentencedPolicy, words: RuleWords): string {
  const { delaisJours, maxTentatives, maxJoursTotal, heureLimite, codesSupplementaires } = policy;
  const codes = joined([ALWAYS_RETRIED, ...codesSupplementaires], words);
  const made = delaisJours.slice(0, maxTentatives).filter((days) => days <= maxJoursTotal);
  if (made.length === 0) return words.sansRepresentation(codes);
  // the first presentation is the debit itself
  const list = made.map((days, index) => `${words.presentation(index + 2)} ${words.jourPlus(days)}`);
  return [
    words.representations(codes, list.join(', ')),
    words.remise(hour(heureLimite, words)),
    words.auPlusTard(words.jourPlus(maxJoursTotal)),
  ].join(', ');
}

/** The rule for first follow-ups: "Tâche 7 jours après la création du client, rappel 7 jours plus tard". */
export const followUpSentence = (
  { delai, delaiRappel }: { delai: string; delaiRappel: string },
  words: RuleWords,
): string => words.suivi(spell(delai, words), spell(delaiRappel, words));

/** Days, hours, minutes and seconds of an ISO 8601 duration; undefined: it is none. */
function partsOf(iso: string): [number, number, number, number] | undefined {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso);
  return found
    ? (found.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number])
    : undefined;
}

const isNothing = (iso: string): boolean => partsOf(iso)?.every((part) => part === 0) ?? false;

/** "15 jours et 2 heures"; the text itself if it is no duration. */
function spell(iso: string, words: RuleWords): string {
  const parts = partsOf(iso);
  if (!parts) return iso;
  const units = [words.jours, words.heures, words.minutes, words.secondes];
  const said = parts.flatMap((count, index) => (count > 0 ? [units[index]!(count)] : []));
  return said.length > 0 ? joined(said, words) : words.aussitot;
}

function delayOf(iso: string, words: RuleWords): string {
  const [days, ...shorter] = partsOf(iso) ?? [];
  const isDays = days !== undefined && shorter.every((part) => part === 0);
  return isDays ? words.jourPlus(days) : spell(iso, words);
}

/** The instant at which it usually goes out: the opening. A delay of hours goes out whenever it is due. */
function hoursOf({ ouverture, fermeture }: SentencedLevel, words: RuleWords): string {
  const isWholeDay = ouverture === '00:00' && fermeture === '00:00';
  return isWholeDay ? words.touteHeure : words.a(hour(ouverture, words));
}

function hour(time: string, { heure }: RuleWords): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return heure(hours, minutes);
}

const channelOf = ({ canal, modele }: SentencedLevel, { appel, lettre, modeles }: RuleWords): string =>
  canal === CALL ? appel : canal === LETTER ? lettre : (modeles[modele] ?? modele);

const joined = (items: string[], { et }: RuleWords): string =>
  items.length > 1 ? `${items.slice(0, -1).join(', ')} ${et} ${items.at(-1)!}` : (items[0] ?? '');
