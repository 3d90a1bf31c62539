import { isAlias, isCollection, Scalar, visit, type Alias, type Document, type Node } from 'yaml';
import type { Path } from './yaml-edits.js';

/** Does a change of a document so that each alias it leaves means what it meant, wherever its anchor went. */
export function keepingAliases(document: Document, change: () => void): void {
  const meant = new Map(aliasesOf(document).map((alias) => [alias, alias.resolve(document) as Node]));
  change();
  for (;;) {
    const astray = aliasesOf(document).find(
      (alias) => meant.has(alias) && alias.resolve(document) !== meant.get(alias),
    );
    if (!astray) return;
    settle(document, astray, meant.get(astray)!);
  }
}

/** An alias of nothing that is said above it cannot be written either. */
export const hasUnsaid = (document: Document): boolean =>
  aliasesOf(document).some((alias) => alias.resolve(document) === undefined);

/**
 * Fields on the way to a place that are of their own: a change there changes nothing elsewhere. What an alias stood for
 * is copied to where it stood; what has no fields gives way to one that has.
 */
export function ownWay(document: Document, path: Path): void {
  for (let length = 1; length < path.length; length += 1) {
    const place = path.slice(0, length);
    const node: unknown = document.getIn(place, true);
    if (node === undefined) return;
    if (isAlias(node)) document.setIn(place, copyOf(document, node.resolve(document) as Node));
    else if (!isCollection(node)) document.setIn(place, document.createNode({}));
  }
}

/** What an alias means stands at the first place that uses it; one of the same name between them lets it be a copy. */
function settle(document: Document, alias: Alias, source: Node): void {
  const nodes = nodesOf(document);
  const at = nodes.indexOf(source);
  if (at >= 0 && at < nodes.indexOf(alias)) {
    replace(document, alias, copyOf(document, source));
    return;
  }
  const place = new Scalar(null);
  replace(document, alias, place);
  replace(document, source, alias);
  replace(document, place, source);
}

const copyOf = (document: Document, node: Node): Node => document.createNode(node.toJS(document)) as Node;

const aliasesOf = (document: Document): Alias[] => nodesOf(document).filter((node) => isAlias(node));

function nodesOf(document: Document): Node[] {
  const nodes: Node[] = [];
  visit(document, {
    Node: (_key, node) => {
      nodes.push(node);
    },
  });
  return nodes;
}

function replace(document: Document, node: Node, by: Node): void {
  visit(document, { Node: (_key, one) => (one === node ? by : undefined) });
}
