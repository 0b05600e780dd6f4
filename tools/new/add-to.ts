import ts from 'typescript';

/** A list in a source: an object, an array, or the names destructured from an object. */
type List = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression | ts.ObjectBindingPattern;
type Lookup = (source: ts.SourceFile) => List | undefined;

/**
 * Adds an element to the end of a list in a TypeScript source.
 * @param text the source
 * @param what the list in words, for the error if the source no longer has it
 */
export function addTo(text: string, what: string, lookup: Lookup, element: string): string {
  const list = lookup(parse(text));
  if (!list) throw new Error(`${what} is not where it was; to be added there:\n${element}`);
  const last = 'properties' in list ? list.properties.at(-1) : list.elements.at(-1);
  const at = last ? last.getEnd() : list.getStart() + 1;
  return `${text.slice(0, at)}${last ? ',\n' : ''}${element}${text.slice(at)}`;
}

/** Adds a name to the imports from a module. A new import is placed in the order of the modules' paths. */
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

/**
 * Finds the object at a path of property names, starting at the first property of that name:
 * `'client.created', handlers`.
 */
export const objectAt =
  (...path: string[]): Lookup =>
  (source) => {
    let found: ts.Node | undefined = source;
    for (const name of path) {
      found = found && first(found, (node) => isNamed(node, name));
    }
    return listIn(found);
  };

/** Finds the list that a constant is, or that a function returns. */
export const listOf =
  (name: string): Lookup =>
  (source) => {
    const declared = first(source, (node) => isNamed(node, name));
    return listIn(declared);
  };

/** Finds the names that a function destructures from a parameter of a type: `({ dashboard }: Services)`. */
export const parameterOf =
  (type: string): Lookup =>
  (source) => {
    const found = first(
      source,
      (node) => ts.isParameter(node) && node.type?.getText() === type && ts.isObjectBindingPattern(node.name),
    ) as ts.ParameterDeclaration | undefined;
    return found?.name as ts.ObjectBindingPattern | undefined;
  };

/** The text of the value at a path of names: first a constant, function or property, then properties. */
export function valueAt(text: string, ...path: string[]): string | undefined {
  let found: ts.Node | undefined = parse(text);
  for (const name of path) found = found && first(found, (node) => isNamed(node, name));
  return found && ts.isPropertyAssignment(found) ? found.initializer.getText() : undefined;
}

/** The names in a list: its properties, or the destructured names. */
export function namesIn(text: string, lookup: Lookup): string[] {
  const list = lookup(parse(text));
  if (!list) return [];
  const elements: ts.Node[] = 'properties' in list ? [...list.properties] : [...list.elements];
  return elements.map((node) => nameOf(node) ?? node.getText());
}

const parse = (text: string): ts.SourceFile =>
  ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);

/** The first matching node in the order of the text. */
function first(node: ts.Node, holds: (node: ts.Node) => boolean): ts.Node | undefined {
  if (holds(node)) return node;
  return ts.forEachChild(node, (child) => first(child, holds));
}

/** The list that a node is, or that its function returns at its end. */
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

/**
 * Whether a node is a property, method, constant or function with this name; destructured names do not count.
 */
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
