import { SaxesParser } from 'saxes';

/** An element of an XML document without namespaces, for checking reports. */
export type Element = { name: string; text: string; attributes: Record<string, string>; children: Element[] };

/** A document as a tree. */
export function xmlTree(content: string): Element {
  const root: Element = { name: '', text: '', attributes: {}, children: [] };
  const path = [root];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, text: '', attributes: { ...attributes }, children: [] };
    path.at(-1)!.children.push(element);
    path.push(element);
  });
  parser.on('text', (text) => void (path.at(-1)!.text += text));
  parser.on('closetag', () => void path.pop());
  parser.write(content).close();
  return root;
}

/** All elements of a name within one, outermost first; not those within a found one. */
export const allOf = (element: Element, name: string): Element[] =>
  element.children.flatMap((child) => (child.name === name ? [child] : allOf(child, name)));

/** The element at a path of names, if it exists. */
export const at = (element: Element, ...path: string[]): Element | undefined =>
  path.reduce<Element | undefined>(
    (one, name) => one?.children.find((child) => child.name === name),
    element,
  );
