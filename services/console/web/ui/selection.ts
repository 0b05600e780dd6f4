import { useState } from 'react';

/** What is chosen in a list: the rows with these ids; or, with `all`, everything that matches the filter but these. */
export type Selection = { all: boolean; ids: ReadonlySet<string> };

export const NOTHING: Selection = { all: false, ids: new Set() };

/** The rows are chosen, or with `all` left out, if they were not, else the other way round. */
export function toggle({ all, ids }: Selection, rowIds: string[], isChosen: boolean): Selection {
  const changed = new Set(ids);
  for (const id of rowIds)
    if (isChosen === all) changed.delete(id);
    else changed.add(id);
  return { all, ids: changed };
}

export const isChosen = ({ all, ids }: Selection, id: string): boolean => all !== ids.has(id);

/** How many are chosen out of all that match the filter. */
export const chosenCount = ({ all, ids }: Selection, matching: number): number =>
  all ? Math.max(0, matching - ids.size) : ids.size;

/**
 * The selection of a list, empty again when its filter changes: nobody acts upon a row that he does not see.
 *
 * @param filter - what the list is filtered by, as a text
 */
export function useSelection(filter: string): [Selection, (changed: Selection) => void] {
  const [kept, keep] = useState({ filter, selection: NOTHING });
  return [kept.filter === filter ? kept.selection : NOTHING, (selection) => keep({ filter, selection })];
}
