import type { ModelHints, ModelRequest } from '../../app/language-model.js';
import { Random } from './random.js';

type Schema = Readonly<Record<string, unknown>>;

/** A value that fits the schema, its texts taken from the prompt: for prompts of which the offline model knows nothing. */
export function composeAny(schema: Schema, { messages }: ModelRequest, { seed }: ModelHints): unknown {
  const random = new Random(seed);
  const sentences = sentencesOf(messages.findLast(({ role }) => role === 'user')?.text ?? '');
  return valueFor(schema, sentences, random);
}

/** The sentence or two of the last message that say most: those with the most words that it repeats. */
export function summarize({ messages }: ModelRequest, { seed }: ModelHints): string {
  const sentences = sentencesOf(messages.findLast(({ role }) => role === 'user')?.text ?? '');
  if (sentences.length <= 2) return sentences.join(' ');
  const counts = new Map<string, number>();
  for (const word of sentences
    .join(' ')
    .toLocaleLowerCase()
    .match(/\p{L}{4,}/gu) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  const weight = (sentence: string): number =>
    (sentence.toLocaleLowerCase().match(/\p{L}{4,}/gu) ?? []).reduce(
      (sum, word) => sum + (counts.get(word) ?? 0),
      0,
    );
  const best = [...sentences].sort((a, b) => weight(b) - weight(a)).slice(0, 4);
  return new Random(seed).shuffled(best).slice(0, 2).join(' ');
}

function valueFor(schema: Schema, sentences: readonly string[], random: Random): unknown {
  if (Array.isArray(schema['enum'])) return random.pick(schema['enum'] as unknown[]);
  if ('const' in schema) return schema['const'];
  switch (Array.isArray(schema['type']) ? schema['type'][0] : schema['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries((schema['properties'] as Record<string, Schema> | undefined) ?? {}).map(
          ([name, inner]) => [name, valueFor(inner, sentences, random)],
        ),
      );
    case 'array': {
      const least = (schema['minItems'] as number | undefined) ?? 1;
      return Array.from({ length: least }, () =>
        valueFor((schema['items'] as Schema) ?? {}, sentences, random),
      );
    }
    case 'integer':
    case 'number': {
      const lowest = (schema['minimum'] as number | undefined) ?? 0;
      const highest = (schema['maximum'] as number | undefined) ?? lowest + 10;
      const value = lowest + random.next() * (highest - lowest);
      return schema['type'] === 'integer' ? Math.round(value) : value;
    }
    case 'boolean':
      return random.next() < 0.5;
    case 'null':
      return null;
    default:
      return random.pick(sentences).slice(0, (schema['maxLength'] as number | undefined) ?? 200);
  }
}

function sentencesOf(text: string): string[] {
  const sentences = text
    .split(/(?<=[.!?…])\s+|\n+/u)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return sentences.length > 0 ? sentences : ['(offline)'];
}
