import { invalid } from '@crm/kit';
import { TypeBareme, type Palier } from '@crm/proto/commerciaux/commerciaux';

/** The figures of a request. Omitted or zero means not given. */
export type Figures = {
  montantFixe?: bigint | undefined;
  tauxPointsBase?: number | undefined;
  paliers: Palier[];
};

/** The figure that each type needs. */
const FIGURE: Record<string, keyof Figures> = {
  [TypeBareme.FIXE]: 'montantFixe',
  [TypeBareme.POURCENTAGE]: 'tauxPointsBase',
  [TypeBareme.PALIERS]: 'paliers',
};

/**
 * Checks that a request has the figure that a barème's type needs, and no other.
 * @param complete true: the figure is required (Create); false: it may be omitted, but not be removed
 *   (Update)
 * @throws RpcError INVALID_ARGUMENT naming the field
 */
export function checkFigures(type: TypeBareme, figures: Figures, complete: boolean): void {
  const needed = FIGURE[type]!;
  for (const field of ['montantFixe', 'tauxPointsBase', 'paliers'] as const) {
    const value = figures[field];
    const given = Array.isArray(value) ? value.length > 0 : Boolean(value);
    if (field !== needed && given) throw invalid(field, `must be left out: a barème ${type} has none`);
    const emptied = !Array.isArray(value) && value !== undefined;
    if (field === needed && !given && (complete || emptied)) {
      throw invalid(field, `must be more than nothing: a barème ${type} needs it`);
    }
  }
  checkPaliers(figures.paliers);
}

/** The first tier begins at 0, and each further one above the previous one. */
function checkPaliers(paliers: Palier[]): void {
  paliers.forEach(({ aPartirDe }, index) => {
    const before = paliers[index - 1];
    const field = `paliers[${index}].aPartirDe`;
    if (!before && aPartirDe !== 0n) throw invalid(field, 'must be 0: the first tier begins there');
    if (before && aPartirDe <= before.aPartirDe) throw invalid(field, 'must be more than the tier before');
  });
}
