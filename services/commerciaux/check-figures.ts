import { invalid } from '@crm/kit';
import { TypeBareme, type Palier } from '@crm/proto/commerciaux/commerciaux';

/** What a request says of figures; a field that is left out or zero says nothing. */
export type Figures = {
  montantFixe?: bigint | undefined;
  tauxPointsBase?: number | undefined;
  paliers: Palier[];
};

/** The one figure that a type needs. */
const FIGURE: Record<string, keyof Figures> = {
  [TypeBareme.FIXE]: 'montantFixe',
  [TypeBareme.POURCENTAGE]: 'tauxPointsBase',
  [TypeBareme.PALIERS]: 'paliers',
};

/**
 * Checks that a request gives the figure that a barème's type needs, and no other one.
 * @param complete whether it must give it: a Create; an Update may leave it out, but not make it nothing
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

/** Tiers begin at 0, and each begins above the one before. */
function checkPaliers(paliers: Palier[]): void {
  paliers.forEach(({ aPartirDe }, index) => {
    const before = paliers[index - 1];
    const field = `paliers[${index}].aPartirDe`;
    if (!before && aPartirDe !== 0n) throw invalid(field, 'must be 0: the first tier begins there');
    if (before && aPartirDe <= before.aPartirDe) throw invalid(field, 'must be more than the tier before');
  });
}
