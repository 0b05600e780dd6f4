import type { FieldFault } from '@crm/kit';
import type { CreateRegleRelanceRequest } from '@crm/proto/relance/relance';
import type { Level } from './due-at.ts';
import { DEFAULT_LEVEL, levelFaults, templateOf } from './regles-relance.ts';

/**
 * The levels of a request, with defaults for what is left out, as RegleRelanceService/Create makes them; in order.
 * @param field the list's field, for faults
 * @param faults what is wrong with any of them is added
 */
export function readLevels(field: string, given: CreateRegleRelanceRequest[], faults: FieldFault[]): Level[] {
  const levels = given.map(readLevel);
  for (const [index, { niveau, ...level }] of levels.entries()) {
    const of = `${field}[${index}]`;
    const itself = levelFaults({ ...level, modele: given[index]!.modele });
    faults.push(...itself.map((fault) => ({ ...fault, field: `${of}.${fault.field}` })));
    if (levels.findIndex((one) => one.niveau === niveau) < index)
      faults.push({ field: `${of}.niveau`, description: `level ${niveau} is there twice` });
  }
  return levels.sort((a, b) => a.niveau - b.niveau);
}

function readLevel(given: CreateRegleRelanceRequest, index: number): Level {
  const said = Object.entries(given).filter(
    ([name, value]) => name in DEFAULT_LEVEL && value && !String(value).endsWith('_UNSPECIFIED'),
  );
  const level = { ...DEFAULT_LEVEL, niveau: index + 1, ...(Object.fromEntries(said) as Partial<Level>) };
  return { ...level, modele: templateOf({ ...level, modele: given.modele }) };
}
