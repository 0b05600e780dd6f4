import ts from 'typescript';

/** Something of which a list has elements: an object, an array, names that are taken out of an object. */
type List = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression | ts.ObjectBindingPattern;
type Lookup = (source: ts.SourceFile) => List | undefined;

/**
 * Adds an element to the end of a list in a TypeScript source.
 * @param text the source
 * @param what the list, in words, for the error where the source has it no more
 */
export function addTo(text: string, what: string, lookup: Lookup, element: string): string {
  const list = lookup(parse(text));
  if (!list) throw new Error(`${what} is not where it was; to be added there:\n${element}`);
  const last = 'properties' in list ? list.properties.at(-1) : list.elements.at(-1);
  const at = last ? last.getEnd() : list.getStart() + 1;
  return `${text.slice(0, at)}${last ? ',\n' : ''}${element}${text.slice(at)}`;
}

/** Adds a name to what is imported of a module; a module's first one stands in the order of the modules' paths. */
export function addImport(text: string, name: string, path: string): string {
  const imports = parse(text).statements.filter((statement) => ts.isImportDeclaration(statement));
  const pathOf = ({ moduleSpecifier }: ts.ImportDeclaration) => (moduleSpecifier as ts.StringLiteral).text;
  const known = imports.find((found) => pathOf(found) === path);
  if (known) {
    const names = known.importClause?.namedBindings;
    if (!names || !ts.isNamedImports(names))
      throw new Error(`${path} is imported in a way that takes no names`);
    if (names.elements.some((element) => element.name.text === name)) return text;
    const at = names.elements.at(-1)!.getEnd();
    return `${text.slice(0, at)}, ${name}${text.slice(at)}`;
  }
  const line = `import { ${name} } from '${path}';`;
  const same = imports.filter((found) => pathOf(found).startsWith('.') === path.startsWith('.'));
  const next = same.find((found) => pathOf(found) > path);
  if (next) return `${text.slice(0, next.getStart())}${line}\n${text.slice(next.getStart())}`;
  const at = (same.at(-1) ?? imports.at(-1))!.getEnd();
  return `${text.slice(0, at)}\n${line}${text.slice(at)}`;
}

/** The object at the end of a path of properties, from the first property of that name: `'client.created', handlers`. */
export const objectAt =
  (...path: string[]): Lookup =>
  (source) => {
    let found: ts.Node | undefined = source;
    for (const name of path) {
      found = found && first(found, (node) => isNamed(node, name));
    }
    return listIn(found);
  };

/** The list that a constant is, or that a function answers. */
export const listOf =
  (name: string): Lookup =>
  (source) => {
    const declared = first(source, (node) => isNamed(node, name));
    return listIn(declared);
  };

/** What a function takes out of its parameter of a type: `({ dashboard }: Services)`. */
export const parameterOf =
  (type: string): Lookup =>
  (source) => {
    const found = first(
      source,
      (node) => ts.isParameter(node) && node.type?.getText() === type && ts.isObjectBindingPattern(node.name),
    ) as ts.ParameterDeclaration | undefined;
    return found?.name as ts.ObjectBindingPattern | undefined;
  };

/** The text of a property's value, at the end of a path of names: of a constant or function first, or of properties. */
export function valueAt(text: string, ...path: string[]): string | undefined {
  let found: ts.Node | undefined = parse(text);
  for (const name of path) found = found && first(found, (node) => isNamed(node, name));
  return found && ts.isPropertyAssignment(found) ? found.initializer.getText() : undefined;
}

/** The names that a list has: of its properties, or what is taken out. */
export function namesIn(text: string, lookup: Lookup): string[] {
  const list = lookup(parse(text));
  if (!list) return [];
  const elements: ts.Node[] = 'properties' in list ? [...list.properties] : [...list.elements];
  return elements.map((node) => nameOf(node) ?? node.getText());
}

const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);

/** The first node in the order of the text. */
function first(node: ts.Node, holds: (node: ts.Node) => boolean): ts.Node | undefined {
  if (holds(node)) return node;
  return ts.forEachChild(node, (child) => first(child, holds));
}

/** The list that something is, or that its function answers at its end. */
function listIn(node: ts.Node | undefined): List | undefined {
  if (!node || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return node;
  if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) return listIn(node.initializer);
  if (ts.isFunctionLike(node)) return listIn((node as ts.FunctionDeclaration).body);
  if (ts.isBlock(node)) return listIn(node.statements.at(-1));
  // event({…})
  if (ts.isCallExpression(node)) return listIn(node.arguments[0]);
  // (…), … satisfies …, … as …, return …
  return listIn((node as ts.ParenthesizedExpression).expression);
}

/** A property, method, constant or function of this name; what is taken out of an object is none. */
const isNamed = (node: ts.Node, name: string): boolean =>
  (ts.isPropertyAssignment(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node)) &&
  nameOf(node) === name;

const nameOf = (node: ts.Node): string | undefined => {
  const name = (node as { name?: ts.Node }).name;
  return name && (ts.isStringLiteral(name) ? name.text : name.getText());
};
