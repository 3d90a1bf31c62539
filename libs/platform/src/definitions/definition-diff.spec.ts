import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffDefinitions } from './definition-diff.js';

const prompt = (over: object = {}) => ({
  id: 'greet',
  model: { name: 'default', temperature: 0.4 },
  steps: [
    { type: 'system', text: 'Be short and kind.' },
    { type: 'user', text: 'Say hello to {{name}}.' },
  ],
  output: { schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } },
  ...over,
});

describe('what differs between two definitions', () => {
  it('is nothing between equal ones, however their fields are ordered', () => {
    expect(diffDefinitions({ a: 1, b: { c: 2, d: [1] } }, { b: { d: [1], c: 2 }, a: 1 })).toEqual([]);
  });

  it('is told by field, in the model and in the schema', () => {
    const after = prompt({
      model: { name: 'default', temperature: 0.2, seed: 7 },
      output: {
        schema: {
          type: 'object',
          properties: { text: { type: 'string', maxLength: 60 }, mood: { type: 'string' } },
          required: ['text', 'mood'],
        },
      },
    });

    expect(diffDefinitions(prompt(), after)).toEqual([
      { part: 'model', path: 'model.temperature', kind: 'changed', before: 0.4, after: 0.2 },
      { part: 'model', path: 'model.seed', kind: 'added', after: 7 },
      { part: 'output', path: 'output.schema.properties.text.maxLength', kind: 'added', after: 60 },
      { part: 'output', path: 'output.schema.properties.mood', kind: 'added', after: { type: 'string' } },
      { part: 'output', path: 'output.schema.required.1', kind: 'added', after: 'mood' },
    ]);
  });

  it('is told by step: one that came above changes the place of those below, and nothing more', () => {
    const [rules, question] = prompt().steps;
    const example = { type: 'user', text: 'An example.' };
    const changed = { type: 'user', text: 'Say goodbye to {{person.name}}.' };

    expect(diffDefinitions(prompt(), prompt({ steps: [example, rules, question] }))).toEqual([
      { part: 'steps', path: 'steps.0', kind: 'added', after: example },
    ]);
    expect(diffDefinitions(prompt(), prompt({ steps: [question] }))).toEqual([
      { part: 'steps', path: 'steps.0', kind: 'removed', before: rules },
    ]);
    expect(diffDefinitions(prompt(), prompt({ steps: [example, rules, changed] }))).toEqual([
      { part: 'steps', path: 'steps.0', kind: 'added', after: example },
      {
        ...{ part: 'steps', path: 'steps.2.text', pathBefore: 'steps.1.text', kind: 'changed' },
        before: question!.text,
        after: changed.text,
        words: [
          { op: 'same', text: 'Say ' },
          { op: 'removed', text: 'hello' },
          { op: 'added', text: 'goodbye' },
          { op: 'same', text: ' to ' },
          { op: 'removed', text: '{{name}}' },
          { op: 'added', text: '{{person.name}}' },
          { op: 'same', text: '.' },
        ],
      },
    ]);
  });

  it('of texts gives back both of them', () => {
    const text = fc.array(fc.constantFrom('one', 'two', ' ', '\n', '{{a}}', 'é', '.'), { maxLength: 30 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [before, after] = [a.join(''), b.join('')];
        const [change] = diffDefinitions({ text: before }, { text: after });
        const words = change?.words ?? [{ op: 'same', text: before }];
        const without = (op: string) =>
          words
            .filter((one) => one.op !== op)
            .map((one) => one.text)
            .join('');
        return without('added') === before && without('removed') === after;
      }),
    );
  });
});
