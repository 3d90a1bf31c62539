import {
  LanguageModel,
  type ModelAnswer,
  type ModelCall,
  type ModelHints,
  type ModelRequest,
} from '../../app/language-model.js';
import { composeAny, summarize } from './any.js';
import { composeExercises } from './exercises.js';
import { judgeScript } from './judge.js';
import { composeScript } from './script.js';
import { composeTitle } from './title.js';

type Properties = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * No language model: it takes its words from what the prompt is given, and knows what to do by the fields that the
 * answer is to have. For demonstrations and tests; whatever it made says so, by its provider.
 */
export class OfflineModel extends LanguageModel {
  readonly provider = 'offline';
  readonly defaultName = 'offline-extractive-1';
  readonly keyHash = 'none';

  priceOf(): number {
    return 0;
  }

  preview(request: ModelRequest): object {
    return request;
  }

  async generate(
    request: ModelRequest,
    hints: ModelHints,
    { signal, onText }: ModelCall,
  ): Promise<ModelAnswer> {
    signal.throwIfAborted();
    const { schema } = request;
    const text =
      schema === undefined ? summarize(request, hints) : JSON.stringify(compose(schema, request, hints));
    onText?.(text);
    return {
      text,
      usage: {
        kind: 'model',
        provider: this.provider,
        model: this.defaultName,
        units: {
          inputTokens: tokensIn(request.messages.map((one) => one.text).join(' ')),
          outputTokens: tokensIn(text),
        },
        cost: { amount: 0, currency: 'USD' },
      },
    };
  }
}

function compose(
  schema: Readonly<Record<string, unknown>>,
  request: ModelRequest,
  hints: ModelHints,
): unknown {
  const properties = (schema['properties'] as Properties | undefined) ?? {};
  return (
    ('lines' in properties ? composeScript(hints) : undefined) ??
    ('exercises' in properties ? composeExercises(hints) : undefined) ??
    ('criteria' in properties ? judgeScript(hints, scaleOf(properties)) : undefined) ??
    ('title' in properties ? composeTitle(hints, longestOf(properties['title'])) : undefined) ??
    composeAny(schema, request, hints)
  );
}

/** The names and the scale of a judge's criteria, as its schema says them. */
function scaleOf({ criteria }: Properties): { names: string[]; lowest: number; highest: number } {
  const item = (criteria?.['items'] as { properties?: Properties } | undefined)?.properties ?? {};
  const { minimum = 1, maximum = 5 } = (item['score'] ?? {}) as { minimum?: number; maximum?: number };
  return {
    names: (item['name']?.['enum'] as string[] | undefined) ?? ['quality'],
    lowest: minimum,
    highest: maximum,
  };
}

function longestOf(title: Readonly<Record<string, unknown>>): number {
  return (title['maxLength'] as number | undefined) ?? 60;
}

/** About four characters a token, as with the models of vendors. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}
