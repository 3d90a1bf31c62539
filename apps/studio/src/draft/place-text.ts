import { titleOf } from '../values/readable-value.js';
import type { Path } from './yaml-edits.js';

const ITEMS: Readonly<Record<string, string>> = { steps: 'Step', blocks: 'Block', cases: 'Case' };

/** A place in a definition as people call it: `steps, 1, text` is "Step 2, text". */
export function placeText(path: Path): string {
  const [list, item, ...rest] = path;
  if (list === undefined) return 'The whole text';
  const one = ITEMS[list];
  if (one === undefined || item === undefined) return path.map((part) => titleOf(String(part))).join(', ');
  const isNumber = typeof item === 'number' || /^\d+$/.test(item);
  const named = `${one} ${isNumber ? Number(item) + 1 : item}`;
  return [named, ...rest.map((part) => titleOf(String(part)).toLowerCase())].join(', ');
}
