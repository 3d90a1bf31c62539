import { describe, expect, it } from '@jest/globals';
import {
  type BlockDefinition,
  CourseDefinition,
  CourseUnit,
  EvaluatorDefinition,
  GoldenSetDefinition,
  PromptDefinition,
  TableDefinition,
  WorkflowDefinition,
  templatePaths,
  templateRoots,
} from '@duofactory/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseCsv } from 'csv-parse/sync';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const root = fileURLToPath(new URL('../../../../workflows/', import.meta.url));
const LANGUAGES = ['en', 'es', 'fr', 'de', 'pt', 'it', 'ja', 'hi', 'ko', 'ru', 'vi'];

const schemas = {
  workflow: WorkflowDefinition,
  prompt: PromptDefinition,
  evaluator: EvaluatorDefinition,
  course: CourseDefinition,
  table: TableDefinition,
  'golden-set': GoldenSetDefinition,
};
type Kind = keyof typeof schemas;
interface ContentFile {
  path: string;
  text: string;
  faults: string[];
  content: { kind: Kind; id: string };
}

const files: ContentFile[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const document = parseDocument(text, { strict: true, uniqueKeys: true });
    const faults = [...document.errors, ...document.warnings].map(({ message }) => message);
    return { path, text, faults, content: document.toJS() as ContentFile['content'] };
  });

const all = <T>(kind: Kind) =>
  files.filter(({ content }) => content.kind === kind).map((f) => f.content as T);
const ids = (kind: Kind) => all<{ id: string }>(kind).map(({ id }) => id);
const prompts = all<PromptDefinition>('prompt');
const evaluators = all<EvaluatorDefinition>('evaluator');
const blocks = all<WorkflowDefinition>('workflow').flatMap((workflow) => workflow.blocks);
const units = all<CourseDefinition>('course').flatMap((course) =>
  course.units.map((unit) => ({ ...unit, course: course.id, language: course.language })),
);
const rows = all<TableDefinition>('table')
  .filter(({ id }) => id === 'wrappers')
  .flatMap(({ file }) =>
    parseCsv<Record<string, string>>(readFileSync(join(root, 'wrappers', file!)), { columns: true }),
  );
const hosts = new Map(rows.map((row) => [row.wrapper_name!, row.host!]));

const ajv = new Ajv2020({ strict: false, allErrors: true });

describe('the content that ships', () => {
  it('has a workflow, prompts, evaluators, two courses of three units and a table of shows', () => {
    expect(ids('workflow')).toEqual(['duoradio']);
    expect(ids('prompt').sort()).toEqual([
      'duoradio-exercises',
      'duoradio-script',
      'duoradio-title',
      'judge-coherence',
      'judge-naturalness',
    ]);
    expect(ids('evaluator')).toHaveLength(6);
    expect(ids('course')).toEqual(['en-es', 'fr-en']);
    expect(units).toHaveLength(6);
    expect(ids('table')).toEqual(['wrappers']);
  });

  it('has sixty cases or more by which its evaluators are tested, passes and fails for each', () => {
    const [set] = all<GoldenSetDefinition>('golden-set');

    expect(set!.cases.length).toBeGreaterThanOrEqual(60);
    for (const evaluator of set!.evaluators) {
      expect(ids('evaluator')).toContain(evaluator);
      const verdicts = set!.cases.flatMap(({ verdicts }) => verdicts?.[evaluator] ?? []);
      expect(verdicts.filter((verdict) => verdict === 'pass').length).toBeGreaterThanOrEqual(10);
      expect(verdicts.filter((verdict) => verdict === 'fail').length).toBeGreaterThanOrEqual(6);
    }
    expect(set!.cases.filter(({ note }) => !note)).toEqual([]);
  });

  it.each(files.map((file) => [file.path, file] as const))(
    '%s is YAML that fits the schema of its kind',
    (path, { text, faults, content }) => {
      expect(faults).toEqual([]);
      const fits = ajv.compile(schemas[content.kind]);
      expect(fits(content) ? [] : fits.errors).toEqual([]);

      const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1];
      const schema = resolve(root, dirname(path), named ?? '');
      expect(relative(root, schema)).toBe(join('schemas', `${content.kind}.schema.json`));
    },
  );

  it('uses each id once in its kind', () => {
    for (const kind of Object.keys(schemas) as Kind[]) expect(new Set(ids(kind)).size).toBe(ids(kind).length);
  });
});

describe('references between files', () => {
  it('finds every prompt and evaluator that a block or an evaluator names', () => {
    const used = (name: string) => blocks.map((block) => block.with?.[name]).filter((id) => id !== undefined);
    const judges = evaluators.flatMap((evaluator) =>
      evaluator.type === 'model' ? [evaluator.with.prompt] : [],
    );

    expect([...used('prompt'), ...judges].sort()).toEqual(ids('prompt').sort());
    expect(used('evaluators').flat().sort()).toEqual(ids('evaluator').sort());
  });

  it('gives a block only what a block above it, an input or a variable gives', () => {
    for (const workflow of all<WorkflowDefinition>('workflow')) {
      const given = [...Object.keys(workflow.inputs ?? {}), ...Object.keys(workflow.variables ?? {})];
      for (const block of workflow.blocks) {
        expect({ block: block.id, missing: missing(needed(block), given) }).toEqual({
          block: block.id,
          missing: [],
        });
        given.push(block.id);
      }
    }
  });

  it('names only fields that imports and splits have', () => {
    const fields: Record<string, string[]> = {
      unit: [...Object.keys(CourseUnit.properties), 'course', 'language', 'from'],
      brief: ['slot', 'show'],
      wrapper: ['wrapper_name', 'host', 'sections', 'rows'],
    };
    const paths = templatePaths([prompts, evaluators, blocks]).map((path) => path.split('.'));

    const unknown = paths.filter(([block, field]) => field && !(fields[block!]?.includes(field) ?? true));
    expect(paths.length).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });

  it('gives a judge every variable of its prompt', () => {
    for (const evaluator of evaluators) {
      if (evaluator.type !== 'model') continue;
      const prompt = prompts.find(({ id }) => id === evaluator.with.prompt)!;
      expect(missing(templateRoots(prompt.steps), Object.keys(evaluator.with.inputs ?? {}))).toEqual([]);
    }
  });

  it('keeps the file of every table beside it, with the columns that it names', () => {
    for (const { path, content } of files.filter((file) => file.content.kind === 'table')) {
      const { file, columns } = content as unknown as TableDefinition;
      const csv = join(root, dirname(path), file!);
      expect(existsSync(csv)).toBe(true);
      expect(parseCsv(readFileSync(csv), { toLine: 1 })).toEqual([columns]);
    }
  });
});

describe("the prompts' outputs", () => {
  it.each(prompts.map((prompt) => [prompt.id, prompt] as const))(
    '%s asks for a strict object',
    (_, prompt) => {
      const { schema } = prompt.output as { schema: Record<string, unknown> };

      expect(() => new Ajv2020({ strict: true, strictTypes: true }).compile(schema)).not.toThrow();
      for (const object of objectsOf(schema)) {
        expect(object.additionalProperties).toBe(false);
        expect(object.required).toEqual(Object.keys(object.properties as object));
      }
    },
  );

  it('takes a good answer and refuses another', () => {
    const exercise = (kind: string, options: string[]) => ({
      kind,
      prompt: '?',
      options,
      answer: 'té',
      line: 2,
    });
    const exercises = (...kinds: string[]) => ({
      exercises: kinds.map((kind) => exercise(kind, ['té', 'café', 'agua'])),
    });
    const opinion = (...names: string[]) => ({
      criteria: names.map((name) => ({ name, score: 4, reason: 'So.' })),
      confidence: 0.8,
    });

    expect(accepts('duoradio-exercises', exercises('listen', 'comprehension', 'cap-the-gap'))).toBe(true);
    expect(accepts('duoradio-exercises', exercises('listen', 'comprehension'))).toBe(false);
    expect(accepts('duoradio-exercises', exercises('listen', 'comprehension', 'draw'))).toBe(false);
    expect(accepts('duoradio-title', { title: 'Un café frío' })).toBe(true);
    expect(accepts('duoradio-title', { title: 'x'.repeat(61) })).toBe(false);
    expect(accepts('judge-naturalness', opinion('idiom', 'turns', 'grammar'))).toBe(true);
    expect(accepts('judge-naturalness', opinion('idiom', 'turns', 'beauty'))).toBe(false);
    expect(accepts('judge-coherence', opinion('story', 'order', 'people'))).toBe(true);
    expect(accepts('duoradio-script', { lines: [{ speaker: 'Nora', text: '¡Hola!' }] })).toBe(false);
  });
});

describe.each(units.map((unit) => [unit.id, unit] as const))('unit %s', (_, unit) => {
  const scenes = new Map<number, typeof unit.sentences>();
  for (const sentence of unit.sentences)
    scenes.set(sentence.scene!, [...(scenes.get(sentence.scene!) ?? []), sentence]);

  it('has enough words and sentences', () => {
    expect(unit.words.length).toBeGreaterThanOrEqual(12);
    expect(unit.words.length).toBeLessThanOrEqual(18);
    expect(unit.sentences.length).toBeGreaterThanOrEqual(14);
    expect(unit.sentences.length).toBeLessThanOrEqual(20);
    expect(new Set(unit.sentences.map(({ text }) => text)).size).toBe(unit.sentences.length);
    expect(new Set(unit.words.map(({ text }) => text)).size).toBe(unit.words.length);
  });

  it('uses all but a fifth of its words in its sentences, and half of them in each scene', () => {
    const texts = unit.words.map(({ text }) => text);

    expect(share(texts, unit.sentences)).toBeGreaterThanOrEqual(0.8);
    for (const sentences of scenes.values()) expect(share(texts, sentences)).toBeGreaterThanOrEqual(0.5);
  });

  it('has scenes of two people who are no hosts and take turns', () => {
    expect([...scenes.keys()]).toEqual([...scenes.keys()].map((_key, index) => index + 1));
    expect(scenes.size).toBeGreaterThanOrEqual(2);
    for (const sentences of scenes.values()) {
      const speakers = sentences.map(({ speaker }) => speaker!);
      expect(sentences.length).toBeGreaterThanOrEqual(5);
      expect(sentences.length).toBeLessThanOrEqual(7);
      expect(new Set(speakers).size).toBe(2);
      expect(speakers.filter((speaker, index) => speaker === speakers[index - 1])).toEqual([]);
      expect(speakers.filter((speaker) => [...hosts.values()].includes(speaker))).toEqual([]);
    }
  });

  it('fills its slots with shows that exist, each once', () => {
    const shows = unit.slots.map(({ show }) => show);

    expect(unit.slots.map(({ slot }) => slot)).toEqual([1, 2]);
    expect(new Set(shows).size).toBe(2);
    expect(missing(shows, [...hosts.keys()])).toEqual([]);
  });

  it('is written as its language is', () => {
    for (const { text } of unit.sentences) {
      expect(text).toBe(text.normalize('NFC').trim());
      expect(text).toMatch(/[.!?]$/);
      if (unit.language === 'es')
        expect([count(text, '¿'), count(text, '¡')]).toEqual([count(text, '?'), count(text, '!')]);
    }
  });
});

describe('the shows', () => {
  it('are six, each with one host, and every course uses them all', () => {
    expect(hosts.size).toBe(6);
    expect(new Set(rows.map((row) => `${row.wrapper_name}/${row.host}`)).size).toBe(6);
    for (const course of ids('course')) {
      const used = units.filter((unit) => unit.course === course).flatMap(({ slots }) => slots);
      expect(used.map(({ show }) => show).sort()).toEqual([...hosts.keys()].sort());
    }
  });

  it.each([...hosts.keys()])('%s opens with a fixed and a semi_fixed part, and closes', (show) => {
    const parts = rows
      .filter((row) => row.wrapper_name === show)
      .map((row) => `${row.section_type} ${row.variability_type}`);

    expect(new Set(parts).size).toBe(parts.length);
    expect(parts).toEqual(expect.arrayContaining(['intro fixed', 'intro semi_fixed', 'outro fixed']));
    expect(missing(parts, ['intro fixed', 'intro semi_fixed', 'outro fixed', 'outro semi_fixed'])).toEqual(
      [],
    );
  });

  it('say every line in every language', () => {
    for (const row of rows)
      for (const language of LANGUAGES) {
        expect(row[language]).toBe(row[language]?.normalize('NFC').trim());
        expect(row[language]).not.toBe('');
      }
  });

  it('number their alternatives without gaps, alike in every language', () => {
    for (const row of rows) {
      const labels = LANGUAGES.map((language) => alternatives(row[language]!).map(({ label }) => label));
      if (row.variability_type === 'fixed') expect(labels.flat()).toEqual([]);
      else expect(labels).toEqual(LANGUAGES.map(() => labels[0]));
      expect(labels[0]).toEqual(withoutGaps(labels[0]!));
    }
  });

  it('have two to four alternatives, no line of which is empty or said twice', () => {
    for (const row of rows.filter(({ variability_type }) => variability_type === 'semi_fixed'))
      for (const language of LANGUAGES) {
        const lines = alternatives(row[language]!);
        const texts = lines.map(({ text }) => text);
        const numbers = new Set(lines.map(({ label }) => parseInt(label)));
        expect(numbers.size).toBeGreaterThanOrEqual(2);
        expect(numbers.size).toBeLessThanOrEqual(4);
        expect(texts).not.toContain('');
        expect(new Set(texts).size).toBe(texts.length);
      }
  });

  it('leave the same slots open in every language', () => {
    const slots = (text: string) => text.match(/\[[^\]]*\]/g) ?? [];
    for (const row of rows)
      expect(LANGUAGES.map((language) => slots(row[language]!))).toEqual(LANGUAGES.map(() => slots(row.en!)));
    expect(rows.flatMap((row) => slots(row.en!))).toEqual(['[subject]']);
  });

  it('are written in the script of the language', () => {
    for (const row of rows)
      for (const language of LANGUAGES) {
        const said = row[language]!.replace(/^\d+[a-z]\)|\[\w+\]/gm, '');
        const foreign = [...said].filter((sign) => /\p{L}/u.test(sign) && !belongs(sign, language));
        expect(said).toMatch(/\p{L}/u);
        expect({ language, foreign }).toEqual({ language, foreign: [] });
      }
  });
});

/** The names that a block's configuration, conditions and prompt start with. */
function needed(block: BlockDefinition): string[] {
  const { prompt, inputs } = (block.with ?? {}) as { prompt?: string; inputs?: Record<string, unknown> };
  const judged = ((block.with?.evaluators ?? []) as string[]).map((id) =>
    evaluators.find((evaluator) => evaluator.id === id),
  );
  const steps = prompts.find(({ id }) => id === prompt)?.steps ?? [];
  return [
    ...templateRoots(block.with ?? {}),
    ...templateRoots(judged.map((evaluator) => evaluator?.with)),
    ...missing(templateRoots(steps), Object.keys(inputs ?? {})),
  ];
}

function missing(wanted: readonly string[], given: readonly string[]): string[] {
  return wanted.filter((name) => !given.includes(name));
}

function* objectsOf(schema: unknown): Generator<Record<string, unknown>> {
  if (schema === null || typeof schema !== 'object') return;
  if ((schema as { type?: unknown }).type === 'object') yield schema as Record<string, unknown>;
  for (const part of Object.values(schema)) yield* objectsOf(part);
}

function accepts(prompt: string, answer: unknown): boolean {
  const { schema } = prompts.find(({ id }) => id === prompt)!.output as { schema: object };
  return ajv.validate(schema, answer);
}

/** The share of the words that occur in the sentences as whole words, whatever their capitals. */
function share(words: readonly string[], sentences: readonly { text: string }[]): number {
  const said = sentences.map(
    ({ text }) =>
      ` ${text
        .toLowerCase()
        .match(/[\p{L}\p{M}']+/gu)!
        .join(' ')} `,
  );
  return (
    words.filter((word) => said.some((text) => text.includes(` ${word.toLowerCase()} `))).length /
    words.length
  );
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1;
}

function alternatives(cell: string): { label: string; text: string }[] {
  const lines = cell.split('\n').map((line) => /^(\d+[a-z])\) (.*)$/.exec(line));
  return lines.flatMap((match) => (match ? [{ label: match[1]!, text: match[2]! }] : []));
}

/** The labels that must stand there: as many of each number as there are, lettered from a. */
function withoutGaps(labels: readonly string[]): string[] {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(parseInt(label), (sizes.get(parseInt(label)) ?? 0) + 1);
  return [...sizes.values()].flatMap((size, index) =>
    Array.from({ length: size }, (_, letter) => `${index + 1}${String.fromCharCode(97 + letter)}`),
  );
}

function belongs(letter: string, language: string): boolean {
  const scripts: Record<string, RegExp> = {
    ja: /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}ー]/u,
    hi: /\p{sc=Devanagari}/u,
    ko: /\p{sc=Hangul}/u,
    ru: /\p{sc=Cyrillic}/u,
  };
  return (scripts[language] ?? /\p{sc=Latin}/u).test(letter);
}
