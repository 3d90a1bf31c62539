import { describe, expect, it } from '@jest/globals';
import { rootNames } from './root-names.js';

describe('the names that an expression looks up', () => {
  it.each([
    ['viability.score >= viable', ['viability', 'viable']],
    ['$count(script.lines[long = true].text)', ['script']],
    ['{ "lines": $count(script.lines), "of": [brief.name, -depth] }', ['script', 'brief', 'depth']],
    ['level = 1 ? easy : (hard; $x := other; $x.inner)', ['level', 'easy', 'hard', 'other']],
    ['items ~> $map(function($item) { $item.price + tax })', ['items']],
    ['`a name`.b & "text" & $$.c', ['a name']],
    ['no expression (', []],
  ])('%s', (expression, names) => {
    expect(rootNames(expression).sort()).toEqual(names.sort());
  });
});
