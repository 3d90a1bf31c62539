import { describe, expect, it } from '@jest/globals';
import { appendSegment, cutKey, label, outputLabels, taskId } from './keys.js';

describe('keys', () => {
  it.each([
    ['a', 'a'],
    ['c/1', 'c%2F1'],
    ['0', '%30'],
    ['ñ', '%C3%B1'],
    ['A-Z.9_~', 'A-Z.9_~'],
  ])('labels the id %j as %j', (id, expected) => {
    expect(label(id)).toBe(expected);
  });

  it('cuts labels over 80 characters to 60 and a hash, so that long ids stay apart', () => {
    const [one, two] = [label(`${'x'.repeat(90)}1`), label(`${'x'.repeat(90)}2`)];

    expect(one).toMatch(/^x{60}~[0-9a-f]{16}$/);
    expect(one).not.toBe(two);
  });

  it('takes positions from 1 as labels where outputs have no ids', () => {
    expect(outputLabels([{}, { id: '' }])).toEqual({ labels: ['1', '2'] });
  });

  it.each([[[{ id: 'a' }, { id: 'a' }]], [[{ id: 'a' }, {}]]])('refuses the ids %j', (outputs) => {
    expect(outputLabels(outputs)).toMatchObject({ error: 'bad-result' });
  });

  it('cuts a key to the segments of some blocks', () => {
    const key = appendSegment(appendSegment(appendSegment('', 'b', '1'), 'x', '2'), 'y', '3');

    expect(cutKey(key, ['b', 'y'])).toBe('b=1/y=3');
    expect(cutKey(key, [])).toBe('');
  });

  it('derives the same task id from the same task', () => {
    expect(taskId('run', 'b', 'k=1', 2)).toBe(taskId('run', 'b', 'k=1', 2));
    expect(taskId('run', 'b', 'k=1', 2)).not.toBe(taskId('run', 'b', 'k=1', 1));
  });
});
