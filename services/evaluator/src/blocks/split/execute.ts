import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import { manifest } from './manifest.js';

/** An output an item: the item if it is an object, else `{value}`. */
export const splitBlock = () =>
  defineBlock({
    ...manifest,
    execute: async ({ with: { list, itemId } }) => {
      const seen = new Set<string>();
      return list.map((item, i) => {
        const isObject = item !== null && typeof item === 'object' && !Array.isArray(item);
        const result = isObject ? item : { value: item };
        if (itemId === undefined) return { result };
        const id = (result as Record<string, unknown>)[itemId];
        if (typeof id !== 'string' && typeof id !== 'number')
          throw new BlockFailure(
            'item-without-id',
            `Item ${i + 1} of the list has no text or number in "${itemId}"`,
          );
        if (seen.size === seen.add(String(id)).size)
          throw new BlockFailure('duplicate-item-id', `Two items of the list have the ${itemId} "${id}"`);
        return { id: String(id), result };
      });
    },
  });
