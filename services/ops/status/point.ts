import { EtatPoint, type GroupePoint, type Point } from '@crm/proto/ops/ops';

/** What was found. */
export type Found = Partial<Omit<Point, 'cle' | 'groupe' | 'libelle'>> & Pick<Point, 'etat' | 'valeur'>;

/** One thing that is looked at. */
export type Probe = {
  /** Stable, for programs. */
  cle: string;
  groupe: GroupePoint;
  libelle: string;
  /** The heading in docs/runbook.md that says what to do. */
  runbook?: string;
  /** What a failure to look means: the thing itself is away, or only what would tell of it. */
  away: EtatPoint.ALERTE | EtatPoint.INCONNU;
  look(): Promise<Found>;
};

/** A number against its thresholds: from `attention` on it is worth a look, from `alerte` on it is an alert. */
export function measured(
  mesure: number,
  { attention, alerte, words }: { attention?: number; alerte: number; words: (value: number) => string },
): Found {
  const etat =
    mesure >= alerte
      ? EtatPoint.ALERTE
      : mesure >= (attention ?? alerte)
        ? EtatPoint.ATTENTION
        : EtatPoint.BON;
  return { etat, mesure, valeur: words(mesure), seuil: words(alerte) };
}

/** "850 ms", "42 s", "12 min", "3 h", "2 j". */
export function durationInWords(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} j`;
}

/** Counts are written as people write them: "1 204". */
export const countInWords = (count: number): string => count.toLocaleString('fr-FR');
