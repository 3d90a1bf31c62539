import { bannedWords } from './banned-words.js';
import { cefrLevel } from './cefr-level.js';
import { expression, matches } from './computed.js';
import { answerInLine, optionsDistinct } from './exercises.js';
import { length } from './length.js';
import { lineCount } from './line-count.js';
import { noDuplicates } from './no-duplicates.js';
import type { Rule } from './rule.js';
import { vocabularyCoverage } from './vocabulary-coverage.js';
import { wrapperLines } from './wrapper-lines.js';

/** By the name that `use` gives. */
export const RULES: ReadonlyMap<string, Rule> = new Map(
  [
    vocabularyCoverage,
    cefrLevel,
    wrapperLines,
    noDuplicates,
    lineCount,
    length,
    bannedWords,
    optionsDistinct,
    answerInLine,
    matches,
    expression,
  ].map((rule) => [rule.use, rule]),
);
