import { defineBlock } from '@duofactory/block-kit';
import { Type } from 'typebox';

/** Says a text in capitals. */
export const shout = defineBlock({
  // The manifest: what the studio draws and the orchestrator checks.
  type: 'shout',
  version: 1,
  title: 'Shout',
  description: 'Says a text in capitals',
  input: 'each', // a payload at a time; `all`: the list of a group
  output: 'one', // or `many`: a payload an output; `pick`: some of the list
  with: Type.Object({ text: Type.String({ minLength: 1, title: 'Text' }) }, { additionalProperties: false }),

  // What it does: the configuration arrives checked, its templates resolved.
  execute: async ({ with: { text } }) => ({ text: text.toLocaleUpperCase() }),
});
