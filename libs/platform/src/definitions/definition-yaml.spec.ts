import { hashJson } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readYaml, rewriteYaml, writeYaml } from './definition-yaml.js';

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    'no',
    '1e3',
    '---',
    '# a',
    '- a',
    'a: b',
    ' a\nb \n\n',
    '\tx',
    '{{a.b}}',
    '&a *a',
    '😀',
    '\'"\\',
  ),
);
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(texts, fc.constantFrom('a', 'b', 'c')), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value;
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), values, { noNullPrototype: true });

describe('a definition as YAML', () => {
  it('is the same when it is read again', () => {
    fc.assert(fc.property(objects, (value) => hashJson(readYaml(writeYaml(value))) === hashJson(value)));
  });

  it('is the new value after a change, whatever was written before', () => {
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        const source = `# above\n${writeYaml(before)}# below\n`;
        return hashJson(readYaml(rewriteYaml(source, after))) === hashJson(after);
      }),
    );
  });

  it('keeps comments, anchors and order where a change leaves the value alone', () => {
    const source = [
      '# Who writes it, and why',
      'id: greet # the name',
      'model: &cheap { name: default, temperature: 0.4 } # chosen by hand',
      'steps:',
      '  # the rules',
      '  - type: system',
      '    text: |',
      '      Be short.',
      '      Be kind.',
      '  # the question',
      '  - type: user',
      "    text: 'Say hello to {{name}}' # in their language",
      '',
    ].join('\n');
    const value = readYaml(source) as { model: { temperature: number }; steps: object[] };

    const after = rewriteYaml(source, {
      ...value,
      model: { ...value.model, temperature: 0.2 },
      steps: [value.steps[0], { type: 'assistant', generate: true }, { type: 'user', text: 'Say hello' }],
    });

    expect(after).toBe(
      [
        '# Who writes it, and why',
        'id: greet # the name',
        'model: &cheap { name: default, temperature: 0.2 } # chosen by hand',
        'steps:',
        '  # the rules',
        '  - type: system',
        '    text: |',
        '      Be short.',
        '      Be kind.',
        '  # the question',
        '  - type: assistant',
        '    generate: true',
        '  - type: user',
        '    text: Say hello',
        '',
      ].join('\n'),
    );
  });

  it('keeps comments where an anchor goes that is still used, and where what it says changes', () => {
    const source = [
      'low: &threshold 0.4 # agreed with the editors',
      'high: &limits { of: *threshold } # for now',
      'other: *limits # as above',
      '',
    ].join('\n');

    expect(rewriteYaml(source, { low: 0.5, high: { of: 0.4 }, other: { of: 0.4 } })).toBe(
      [
        'low: &threshold 0.5 # agreed with the editors',
        'high: &limits { of: 0.4 } # for now',
        'other: *limits # as above',
        '',
      ].join('\n'),
    );
    const after = rewriteYaml(source, { low: 0.4, other: { of: 0.4 } });
    expect(readYaml(after)).toEqual({ low: 0.4, other: { of: 0.4 } });
    expect(after).toContain('# agreed with the editors');
  });

  it('tells the line of what is wrong, and expands aliases within a bound', () => {
    expect(() => readYaml('a: 1\nb: [')).toThrow(expect.objectContaining({ line: 2 }));
    expect(() => readYaml('a: 1\nb: &b\n  c: [*b]\n')).toThrow(expect.objectContaining({ line: 3 }));
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefgh'
        .split('')
        .map((n, i) => `${n}: &${n} [${Array.from({ length: 9 }, () => `*${'abcdefg'[i]}`).join(', ')}]`),
    ];
    expect(() => readYaml(bomb.join('\n'))).toThrow('alias');
  });
});
