import type { CourseDefinition } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { OfflineModel } from '../src/adapters/offline/offline-model.js';

const workflows = resolve(import.meta.dirname, '../../../workflows');
const content = <T>(path: string): T => parse(readFileSync(join(workflows, path), 'utf8')) as T;
const schemaOf = (prompt: string) =>
  content<{ output: { schema: Record<string, unknown> } }>(`duoradio/prompts/${prompt}.yaml`).output.schema;

const courses = ['en-es', 'fr-en'].map((id) => content<CourseDefinition>(`courses/${id}.yaml`));
const wrapper = (language: string) => ({
  host: 'Nora',
  sections: {
    intro: [
      {
        language,
        variants: [
          ['One.', 'Two.'],
          ['Three.', 'Four.'],
        ],
      },
    ],
    outro: [{ language, variants: [['End.']] }],
  },
});
const briefs = courses.flatMap(({ id, language, from, units }) =>
  units.flatMap((unit) =>
    [1, 2].map((slot) => ({ name: `${id} ${unit.id} ${slot}`, slot, unit: { ...unit, language, from } })),
  ),
);

interface Script {
  lines: { speaker: string; text: string }[];
}

describe('offline scripts', () => {
  const model = new OfflineModel();
  const ask = async <T>(prompt: string, variables: Record<string, unknown>, sample: number): Promise<T> => {
    const family = JSON.stringify(variables);
    const { text } = await model.generate(
      { messages: [], schema: schemaOf(prompt), model: { name: 'default' } },
      { seed: `${family} ${sample}`, family, sample, variables },
      {
        id: 'call',
        subject: 'p@1',
        purpose: {},
        untimed: (wait) => wait(),
        interrupted: [],
        signal: new AbortController().signal,
      },
    );
    return JSON.parse(text) as T;
  };
  const quality = async (script: Script, language: string): Promise<number> => {
    const judged = await Promise.all(
      ['judge-naturalness', 'judge-coherence'].map((judge) =>
        ask<{ criteria: { score: number }[] }>(judge, { text: script.lines, language }, 1),
      ),
    );
    const scores = judged.flatMap(({ criteria }) => criteria.map(({ score }) => score));
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };

  it.each(briefs)('of $name differ, use the unit, and one in five is worse', async ({ unit, slot }) => {
    const variables = { unit, brief: { slot }, wrapper: wrapper(unit.language) };
    const scripts = await Promise.all(
      [1, 2, 3, 4, 5].map((sample) => ask<Script>('duoradio-script', variables, sample)),
    );
    const again = await ask<Script>('duoradio-script', variables, 3);
    const scores = await Promise.all(scripts.map((script) => quality(script, unit.language)));

    expect(new Set(scripts.map((script) => JSON.stringify(script))).size).toBe(5);
    expect(again).toEqual(scripts[2]);
    const known = new Set(unit.sentences.map(({ text }) => text));
    const best = scripts[scores.indexOf(Math.max(...scores))]!;
    expect(best.lines.filter(({ text }) => known.has(text)).length).toBeGreaterThanOrEqual(6);
    expect([best.lines[0]!.speaker, best.lines.at(-1)!.speaker]).toEqual(['Nora', 'Nora']);
    expect(Math.max(...scores)).toBeGreaterThan(4.5);
    expect(Math.min(...scores)).toBeLessThan(Math.max(...scores) - 0.2);
  });

  it.each(briefs)('of $name have exercises of which most can be answered', async ({ unit, slot }) => {
    const script = await ask<Script>(
      'duoradio-script',
      { unit, brief: { slot }, wrapper: wrapper(unit.language) },
      1,
    );
    const samples = await Promise.all(
      [1, 2, 3].map((sample) =>
        ask<{
          exercises: { kind: string; prompt: string; options: string[]; answer: string; line: number }[];
        }>('duoradio-exercises', { unit, lines: script.lines }, sample),
      ),
    );

    const good = samples.filter(({ exercises }) =>
      exercises.every(
        ({ options, answer, line }) =>
          new Set(options).size === options.length &&
          options.includes(answer) &&
          script.lines[line]!.text.toLocaleLowerCase().includes(answer),
      ),
    );
    expect(good).toHaveLength(2);
    for (const { exercises } of samples)
      expect(exercises.map(({ kind }) => kind)).toEqual(['listen', 'comprehension', 'cap-the-gap']);
    for (const { exercises } of good) expect(exercises[2]!.prompt).toContain('___');
  });

  it.each(briefs)('of $name get a title', async ({ unit, slot }) => {
    const variables = { unit, brief: { slot }, wrapper: wrapper(unit.language) };
    const script = await ask<Script>('duoradio-script', variables, 1);

    const { title } = await ask<{ title: string }>('duoradio-title', { unit, script }, 1);

    expect(title.length).toBeLessThanOrEqual(60);
    expect(title).toContain(unit.name.slice(0, 10));
  });
});
