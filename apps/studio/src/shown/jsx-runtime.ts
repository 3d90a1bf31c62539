import { jsx as element, jsxs as elements } from 'react/jsx-runtime';
import { shownText } from '../values/shown-text.js';

export { Fragment } from 'react/jsx-runtime';

type Make = typeof element;

/**
 * All that is drawn passes here, whoever wrote it: models, sheets, files and people turn the direction of nothing. Values
 * of fields, which are edited and sent back, stay as they are.
 */
export const jsx: Make = (type, props, key) => element(type, shown(props), key);
export const jsxs: Make = (type, props, key) => elements(type, shown(props), key);

const NAMES = ['title', 'label', 'aria-label'];

function shown(props: unknown): unknown {
  const given = props as Record<string, unknown>;
  let changed: Record<string, unknown> | undefined;
  for (const name of ['children', ...NAMES]) {
    const value = given[name];
    const safe = textShown(value);
    if (safe !== value) (changed ??= { ...given })[name] = safe;
  }
  return changed ?? given;
}

/** Of a text, or of texts in a list, however deep: lists stand in lists where each of them draws several. */
const textShown = (value: unknown): unknown => {
  if (typeof value === 'string') return shownText(value);
  return Array.isArray(value) ? eachShown(value) : value;
};

/** The very list where nothing of it changes. */
function eachShown(list: readonly unknown[]): readonly unknown[] {
  const safe = list.map(textShown);
  return safe.some((one, n) => one !== list[n]) ? safe : list;
}
