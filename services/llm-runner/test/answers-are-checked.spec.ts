import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { answerCheck } from '../src/app/answer-check.js';

/** As the database gives it: another object each time. */
const schemaOf = (name: string) => ({
  ...{ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
  additionalProperties: false,
});

describe('an answer is checked', () => {
  it('by the schema that it is asked for, be it written again', () => {
    const named = { ...schemaOf('title'), $id: 'https://example.org/answer' };
    const other = { ...schemaOf('name'), $id: 'https://example.org/answer' };

    for (let i = 0; i < 2; i += 1) {
      expect(answerCheck({ ...named })('{"title": "Hola"}')).toEqual({ value: { title: 'Hola' } });
      expect(answerCheck({ ...other })('```json\n{"name": "Ana"}\n```')).toEqual({ value: { name: 'Ana' } });
      expect(answerCheck({ ...other })('{"title": "Hola"}')).toMatchObject({ fault: expect.any(String) });
    }
  });

  it('and keeps no schema of each answer: a process makes a million of them', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const schemas: WeakRef<object>[] = [];
    const check = (name: string): void => {
      const schema = schemaOf(name);
      schemas.push(new WeakRef(schema));
      answerCheck(schema)('{}');
    };

    for (let i = 0; i < 50; i += 1) check('title');
    await turn();
    collect();

    // The one that was first is kept for all.
    expect(schemas.filter((schema) => schema.deref() !== undefined).length).toBeLessThanOrEqual(1);
  });
});
