import { canonicalJson } from './json.js';

/**
 * Templates: `{{path}}` inside text. A template that is one path and nothing else yields the value with its type;
 * inside text, strings go in as they are and all else as JSON with its names in order. A path starts with a block id, an input or a variable.
 */

const PATH = /\{\{\s*((?:image:)?[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)\s*\}\}/g;
const WHOLE = /^\{\{\s*([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)\s*\}\}$/;

/** Terminal: what a template names is not there. */
export class MissingVariable extends Error {
  readonly code = 'missing-variable';
  readonly terminal = true;
  constructor(readonly path: string) {
    super(`Nothing gives "{{${path}}}": check the name, or whether its block was passed by or lies above`);
  }
}

/** The paths of every template in a value, first seen first, each once. */
export function templatePaths(value: unknown): string[] {
  return distinct(value, (text) => [...text.matchAll(PATH)].map((match) => match[1]!));
}

/** What begins like a template and is none: `{{}}`, `{{a | upper}}`, `{{a.b`. It would go out as it stands. */
export function brokenTemplates(value: unknown): string[] {
  return distinct(value, (text) =>
    [...text.replaceAll(PATH, '').matchAll(/\{\{[^{}]*\}{0,2}/g)].map(([found]) => found.slice(0, 80)),
  );
}

/** What is found in the texts of a value, first seen first, each once. */
function distinct(value: unknown, findIn: (text: string) => string[]): string[] {
  const found = new Set<string>();
  walk(value);
  return [...found];

  function walk(part: unknown): void {
    if (typeof part === 'string') for (const one of findIn(part)) found.add(one);
    else if (Array.isArray(part)) part.forEach(walk);
    else if (part !== null && typeof part === 'object') Object.values(part).forEach(walk);
  }
}

/** The names that a value's templates start with: block ids, inputs, variables. */
export function templateRoots(value: unknown): string[] {
  return [...new Set(templatePaths(value).map((path) => path.replace(/^image:/, '').split('.')[0]!))];
}

export type Lookup = (path: string) => unknown;

/** A value with its templates replaced. The values that come in are data: templates in them stay text. Throws MissingVariable. */
export function resolveTemplates(value: unknown, lookup: Lookup): unknown {
  if (typeof value === 'string') return resolveText(value, lookup);
  if (Array.isArray(value)) return value.map((item) => resolveTemplates(item, lookup));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, resolveTemplates(item, lookup)]),
    );
  }
  return value;
}

/** Looks a dotted path up in an object's own members. Throws MissingVariable. */
export function lookupIn(scope: Readonly<Record<string, unknown>>): Lookup {
  return (path) => {
    let value: unknown = scope;
    for (const name of path.split('.')) {
      if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name))
        throw new MissingVariable(path);
      value = (value as Record<string, unknown>)[name];
    }
    if (value === undefined) throw new MissingVariable(path);
    return value;
  };
}

function resolveText(text: string, lookup: Lookup): unknown {
  const whole = WHOLE.exec(text);
  if (whole) return lookup(whole[1]!);
  return text.replace(PATH, (_, path: string) => {
    const value = lookup(path);
    // In one order: a value that went through a database makes the same text, and so the same question to a model.
    return typeof value === 'string' ? value : canonicalJson(value);
  });
}
