import type { BlockDefinition, BlockManifest } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { checkConfiguration } from '../src/app/workflows/check-configuration.js';

/** As the database gives it: another object each time. */
const manifestOf = (properties: object): BlockManifest =>
  ({ type: 'said', with: { type: 'object', properties, additionalProperties: false } }) as never;
const block: BlockDefinition = { id: 'a', type: 'said', with: { text: 1 } };

describe('the configuration of a block is checked', () => {
  it('and no schema of each check is kept: a draft is checked at every save', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const schemas: WeakRef<object>[] = [];
    const faults = (): string[] => {
      const properties = { text: { type: 'string' } };
      schemas.push(new WeakRef(properties));
      return checkConfiguration(block, manifestOf(properties)).map(({ field }) => field);
    };

    const found = Array.from({ length: 50 }, faults);
    await turn();
    collect();

    expect(found).toEqual(Array(50).fill(['blocks.a.with.text']));
    // The last one may still be in hand.
    expect(schemas.filter((schema) => schema.deref() !== undefined).length).toBeLessThanOrEqual(1);
  });
});
