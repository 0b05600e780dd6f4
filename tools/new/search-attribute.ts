import { addTo, listOf, namesIn } from './add-to.ts';
import type { Draft } from './draft.ts';
import { pascal } from './words.ts';

const FILE = 'workflows/search-attributes.ts';

/** Makes workflows searchable by an id, `devisId`, unless they are already. */
export function addSearchAttribute(draft: Draft, id: string): void {
  if (namesIn(draft.read(FILE), listOf('IDS')).includes(id)) return;
  const key = pascal(id);
  const declared = `const ${key} = defineSearchAttributeKey('${key}', SearchAttributeType.KEYWORD);`;
  draft.insertAfter(FILE, /^(?:export )?const \w+Id = /, declared);
  draft.change(FILE, (text) => addTo(text, `SEARCH_ATTRIBUTES in ${FILE}`, listOf('SEARCH_ATTRIBUTES'), key));
  draft.change(FILE, (text) => addTo(text, `IDS in ${FILE}`, listOf('IDS'), `${id}: ${key}`));
}
