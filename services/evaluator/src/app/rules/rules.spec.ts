import { Expressions } from '@duofactory/expressions';
import { afterAll, describe, expect, it } from '@jest/globals';
import { RULES } from './rules.js';

const line = (speaker: string, text: string) => ({ speaker, text });
const sections = {
  intro: [{ language: 'es', variants: [['Hola a todos.', 'Hoy: [subject].'], ['Buenas tardes.']] }],
  outro: [{ language: 'es', variants: [['Hasta pronto.']] }],
};
const exercise = (options: string[], answer: string, at = 0) => ({
  kind: 'listen',
  options,
  answer,
  line: at,
});

describe('a rule', () => {
  const expressions = new Expressions();
  const signal = new AbortController().signal;

  afterAll(() => expressions.stop());

  const judge = async (use: string, parameters: object, scope: Record<string, unknown> = {}) =>
    RULES.get(use)!.judge(parameters as never, { expressions, scope, signal });

  it.each<[string, object, number, string]>([
    [
      'vocabulary-coverage',
      { text: 'Un café y pan.', words: ['café', 'pan'], atLeast: 0.5 },
      1,
      '2 of 2 words',
    ],
    [
      'vocabulary-coverage',
      { text: 'Un café.', words: [{ text: 'café' }, { text: 'pan' }], atLeast: 0.5 },
      0.8,
      'not: pan',
    ],
    ['vocabulary-coverage', { text: 'Un té.', words: ['café', 'pan'], atLeast: 0.5 }, 0, '0 of 2'],
    ['vocabulary-coverage', { text: 'Los panes.', words: ['pan'], atLeast: 0.5 }, 0, '0 of 1'],
    ['cefr-level', { text: 'Quiero un café.', language: 'es', level: 'A1' }, 1, 'short enough'],
    [
      'cefr-level',
      {
        text: 'Uno dos tres cuatro cinco seis siete ocho nueve diez once doce.',
        language: 'es',
        level: 'A1',
      },
      0,
      'Too long for A1',
    ],
    [
      'cefr-level',
      {
        text: 'Ana quiere 2 cafés extraordinariamente ricos.',
        language: 'es',
        level: 'A2',
        lists: { A1: ['quiere', 'Cafés'], A2: ['extraordinariamente'], B1: ['ricos'] },
        known: ['Ana'],
      },
      0.5,
      'Words above A2: ricos.',
    ],
    ['cefr-level', { text: 'Un té.', language: 'es', level: 'A1', lists: { A1: ['un', 'té'] } }, 1, 'of A1'],
    ['no-duplicates', { items: [line('A', 'Hola.'), line('B', 'Adiós.')] }, 1, 'Nothing'],
    [
      'no-duplicates',
      { items: [line('A', 'Hola.'), line('B', 'hola.'), line('A', 'Sí.'), line('B', 'No.')] },
      0.5,
      'hola.',
    ],
    ['line-count', { lines: [line('A', 'x'), line('A', 'y')], min: 1, max: 3 }, 1, '2 lines'],
    ['line-count', { lines: [line('A', 'x')], min: 3, max: 5 }, 0.5, '1 lines'],
    ['length', { text: 'uno dos', min: 1, max: 4 }, 1, '2 words'],
    ['length', { text: 'uno dos tres cuatro cinco seis', min: 1, max: 4 }, 0.5, '6 words'],
    ['banned-words', { text: 'Un café.', words: ['vino'] }, 1, 'none'],
    ['banned-words', { text: 'Un buen Vino.', words: ['vino', 'ron'] }, 0, 'vino'],
    ['options-distinct', { exercises: [exercise(['a', 'b'], 'a')] }, 1, 'fine'],
    [
      'options-distinct',
      { exercises: [exercise(['a', 'A '], 'a'), exercise(['a', 'b'], 'a')] },
      0.5,
      'twice',
    ],
    ['options-distinct', { exercises: [exercise(['a', 'b'], 'c')] }, 0, 'no option "c"'],
    [
      'answer-in-line',
      { exercises: [exercise([], 'café')], lines: [line('A', 'Un Café, por favor.')] },
      1,
      'fine',
    ],
    [
      'answer-in-line',
      { exercises: [exercise([], 'caf')], lines: [line('A', 'Un café.')] },
      0,
      'not in "Un café."',
    ],
    ['answer-in-line', { exercises: [exercise([], 'x', 7)], lines: [line('A', 'x')] }, 0, 'names line 7'],
    ['matches', { text: 'Hola 12', pattern: '^Hola \\d+$' }, 1, 'matches'],
    ['matches', { text: 'a/b', pattern: '^x/y' }, 0, 'does not'],
    ['matches', { text: 'a/b', pattern: 'a[/(]b' }, 1, 'matches'],
    ['matches', { text: 'a (b', pattern: '^[^(]*$' }, 0, 'does not'],
    ['matches', { text: 'a [b', pattern: '^[^)}{[]*$' }, 0, 'does not'],
    ['matches', { text: 'a\\(b)', pattern: '^a\\\\[(]b\\)$' }, 1, 'matches'],
    ['matches', { text: 'a/b', pattern: '^a\\/b$' }, 1, 'matches'],
    // The same words, however they are written.
    ['banned-words', { text: "He said 'stupid' to me.", words: ['stupid'] }, 0, 'stupid'],
    ['banned-words', { text: '- No.\n-Idiota- dijo.', words: ['idiota'] }, 0, 'idiota'],
    ['banned-words', { text: 'C’est l’idiot.', words: ["l'idiot"] }, 0, "l'idiot"],
    ['banned-words', { text: 'Un cafe\u0301.', words: ['caf\u00e9'] }, 0, 'caf\u00e9'],
    ['banned-words', { text: 'Oh 💩!', words: ['💩'] }, 0, '💩'],
    ['banned-words', { text: 'Oh.', words: [' ', 'h'] }, 1, 'none'],
    [
      'vocabulary-coverage',
      { text: 'ねこがいます。', words: ['ねこ', 'います。'], atLeast: 0.5 },
      1,
      '2 of 2',
    ],
    ['vocabulary-coverage', { text: '我喜欢喝咖啡。', words: ['咖啡', '茶'], atLeast: 0.5 }, 0.8, 'not: 茶'],
    ['vocabulary-coverage', { text: 'ฉันชอบกาแฟ', words: ['กาแฟ'], atLeast: 0.5 }, 1, '1 of 1'],
    ['length', { text: '我喜欢喝咖啡。', min: 4, max: 4 }, 1, '4 words'],
    ['length', { text: '- Hola. - Sí.', min: 2, max: 2 }, 1, '2 words'],
    ['cefr-level', { text: '我喜欢茶。她喜欢咖啡。他们都喜欢水。', language: 'zh', level: 'A1' }, 1, 'short'],
    [
      'cefr-level',
      { text: '我喜欢喝咖啡也喜欢喝茶和水但是她不喜欢。', language: 'zh', level: 'A1' },
      0,
      'Too long',
    ],
  ])('%s of %j gives %d', async (use, parameters, score, words) => {
    const finding = await judge(use, parameters);

    expect(finding.score).toBeCloseTo(score, 5);
    expect(finding.reason).toContain(words);
  });

  it.each<[string[], number]>([
    [['Hola a todos.', 'Hoy: el café.', 'Un té.', 'Hasta pronto.'], 1],
    [['Buenas tardes.', 'Un té.', 'Hasta pronto.'], 1],
    [['Hola a todos.', 'Un té.', 'Hasta pronto.'], 0.5],
    [['Buenas tardes.', 'Un té.'], 0.5],
    [['Un té.'], 0],
    [['Hola a todos.', 'Hoy: el Sr. López.', 'Un té.', 'Hasta pronto.'], 1],
    [['Hola a todos.', 'Hoy: el café', 'Un té.', 'Hasta pronto.'], 0.5],
    [['Hola a todos.', `Hoy: ${'x'.repeat(81)}.`, 'Un té.', 'Hasta pronto.'], 0.5],
  ])('wrapper-lines of %j gives %d', async (texts, score) => {
    const lines = texts.map((text) => line('A', text));

    expect((await judge('wrapper-lines', { lines, sections, language: 'es' })).score).toBe(score);
  });

  it('expression computes on what the payload has', async () => {
    const scope = { script: { lines: [1, 2, 3] } };

    expect((await judge('expression', { expression: '$count(script.lines) / 4' }, scope)).score).toBe(0.75);
    expect((await judge('expression', { expression: '$count(script.lines) > 4' }, scope)).score).toBe(0);
    await expect(judge('expression', { expression: '$count(script.lines)' }, scope)).rejects.toMatchObject({
      code: 'invalid-score',
    });
  });
});
