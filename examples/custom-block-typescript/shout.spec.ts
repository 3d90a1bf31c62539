import { testBlock } from '@duofactory/block-kit';
import { expect, it } from '@jest/globals';
import { shout } from './shout.ts';

it('shouts', async () => {
  expect(await testBlock(shout, { with: { text: 'hola' } })).toEqual({ text: 'HOLA' });
});
