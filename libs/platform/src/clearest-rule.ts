/** Of the rules that a value breaks, by class-validator's names for them, the text of the one that says most. */
export function clearestRule(broken: Readonly<Record<string, string>>): string {
  const [clearest] = Object.entries(broken)
    .map(([rule, text]) => ({ rank: rankOf(rule, text), text: inOurWords(text) }))
    .sort((a, b) => a.rank - b.rank);
  return clearest!.text;
}

const TYPES = new Set(['isString', 'isInt', 'isNumber', 'isBoolean', 'isObject', 'isArray']);
const BOUNDS = new Set([
  ...['min', 'max', 'isPositive', 'isLength', 'minLength', 'maxLength'],
  ...['arrayMinSize', 'arrayMaxSize', 'arrayNotEmpty', 'arrayUnique'],
]);
const PRESENCE = new Set(['isNotEmpty', 'isDefined']);

/** The lower, the more it says: a form with its example, a type, a bound, an expression, that something must be there. */
function rankOf(rule: string, text: string): number {
  // Of what is no list, that it must be one says more than what each of it must be.
  const ofEach = text.startsWith('each value in ') ? 10 : 0;
  if (TYPES.has(rule)) return ofEach + 1;
  if (BOUNDS.has(rule)) return ofEach + 2;
  if (text.includes('must match /')) return ofEach + 3;
  return PRESENCE.has(rule) ? ofEach + 4 : ofEach;
}

function inOurWords(text: string): string {
  return text
    .replace(/should not be (empty|null or undefined)$/, 'must not be empty')
    .replace(/ conforming to the specified constraints$/, '')
    .replace(/ an integer number$/, ' a whole number');
}
