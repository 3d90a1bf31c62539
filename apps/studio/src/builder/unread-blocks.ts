import { useWaitingUnder } from '../values/waiting-text.js';
import type { EditedBlock } from './document.js';
import { placeInside } from './kept-fields.js';
import { typedOf } from './typed-value.js';

/** Blocks with a text that cannot be read yet, once for each such text, whether its form is open or not. */
export function useUnreadBlocks(workflow: string, blocks: readonly EditedBlock[]): readonly string[] {
  const place = placeInside('field', workflow);
  return useWaitingUnder(place, blocks).flatMap(({ place: at, over }) => {
    const [id, ...path] = at
      .slice(place.length + 1)
      .split('/')
      .map(decodeURIComponent);
    const block = blocks.find((one) => one.id === id);
    // Of a block that is gone, or where another thing stands by now, nothing waits.
    return block && isShownAs(valueAt(block, path), over) ? [block.id] : [];
  });
}

const valueAt = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], value);

/** As a list or as any other field shows it. */
const isShownAs = (value: unknown, shown: string): boolean =>
  typedOf({ kind: 'structure' }, value) === shown ||
  typedOf({ kind: 'list', of: undefined, isNumbers: false }, value) === shown;
