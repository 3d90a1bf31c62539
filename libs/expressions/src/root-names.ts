import jsonata from 'jsonata';

/** What we read of JSONata's syntax tree. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly lhs?: Node | readonly (readonly Node[])[];
  readonly rhs?: Node | readonly (readonly Node[])[];
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly arguments?: readonly Node[];
  readonly expressions?: readonly (Node | readonly Node[])[];
  readonly expression?: Node;
}

/**
 * The names that an expression looks up in its scope: `script` of `script.lines[long].text`. What stands behind a step,
 * in a predicate or in a function of its own has another context and is not looked at. [] where it cannot be parsed.
 */
export function rootNames(expression: string): string[] {
  const names = new Set<string>();
  const nodes: Node[] = [];
  try {
    nodes.push(jsonata(expression).ast() as unknown as Node);
  } catch {
    return [];
  }
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if (node.type === 'name') names.add(String(node.value));
    else if (node.type === 'path') nodes.push(...(node.steps ?? []).slice(0, 1));
    else if (node.type !== 'lambda') {
      const {
        lhs,
        rhs,
        condition,
        then,
        else: otherwise,
        arguments: given = [],
        expressions = [],
        expression: inner,
      } = node;
      nodes.push(
        ...[lhs, rhs, condition, then, otherwise, inner, ...given, ...expressions].flat(2).filter(isNode),
      );
    }
  }
  return [...names];
}

function isNode(node: unknown): node is Node {
  return node !== undefined && node !== null && typeof node === 'object' && 'type' in node;
}
