import { useState } from 'react';

/**
 * Rules that somebody edits, and what they were when he began. When a colleague has saved others meanwhile, what was written
 * stays, and the person chooses.
 *
 * @param draftOf - what is edited of the rules in force; plain JSON
 */
export function useEdited<Rules extends { version: number }, Draft>(
  inForce: Rules,
  draftOf: (rules: Rules) => Draft,
) {
  const [base, setBase] = useState(inForce);
  const [draft, setDraft] = useState(() => draftOf(inForce));
  // fields keep what is written in them: with another edition they begin anew
  const [edition, setEdition] = useState(0);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(base));
  const start = (rules: Rules) => {
    setBase(rules);
    setDraft(draftOf(rules));
    setEdition((count) => count + 1);
  };
  const isOvertaken = inForce.version > base.version;
  if (isOvertaken && !isChanged) start(inForce);
  return {
    ...{ base, draft, setDraft, edition, isChanged, start },
    isOvertaken: isOvertaken && isChanged,
    undo: () => start(inForce),
    /** What was written is to replace what the colleague has saved. */
    keep: () => setBase(inForce),
  };
}
