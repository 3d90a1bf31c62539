import {
  Ref,
  canonicalJson,
  hashJson,
  lookupIn,
  resolveTemplates,
  templatePaths,
  type Lookup,
  type PromptDefinition,
} from '@duofactory/contracts';
import { BlockFailure, type BlockContext } from '@duofactory/block-kit';
import type { DefinitionVersion } from '@duofactory/platform';
import type {
  CallPurpose,
  LanguageModel,
  Message,
  ModelAnswer,
  ModelHints,
  ModelRequest,
} from './language-model.js';
import { Compile } from 'typebox/compile';
import { answerCheck } from './answer-check.js';
import { estimateCall, type CallEstimate } from './estimate-call.js';
import { isCallBefore, variablesOf } from './prompt-kind.js';

export interface PromptRun {
  readonly version: DefinitionVersion<PromptDefinition>;
  /** What variables are looked up in, by what they start with. */
  readonly scope: Readonly<Record<string, unknown>>;
  /** Instead of by the scope alone. */
  readonly lookup?: Lookup;
  readonly sample: number;
  readonly purpose: CallPurpose;
  /** Told what the model says, step by step, as it comes; an answer that was there before comes whole. */
  readonly onText?: (step: string, text: string) => void;
}

/** What a block that runs a prompt was given. */
export interface PromptInput {
  readonly with: { readonly prompt: string; readonly inputs?: Readonly<Record<string, unknown>> };
  readonly payload: { readonly blockResults: Readonly<Record<string, unknown>> };
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** What its variables mean, the nearest last: the block's own inputs go before results, those before the run's. */
export function scopeOf({
  with: { inputs: own },
  payload,
  inputs,
  variables,
}: PromptInput): PromptRun['scope'] {
  return { ...variables, ...inputs, ...payload.blockResults, ...own };
}

/** What the calls of one run of a prompt share. */
interface Calls {
  readonly hints: ModelHints;
  readonly subject: string;
  readonly purpose: CallPurpose;
  readonly once: BlockContext['once'];
  readonly onText: PromptRun['onText'];
  /** What was said before to the same, and is of no use. */
  readonly insteadOf: readonly Asked[];
}

interface Said {
  readonly text: string;
  /** false: the ledger had it. */
  readonly anew: boolean;
  readonly asked: Asked;
}

/** A call by its names in the ledger. */
interface Asked {
  readonly step: string;
  readonly request: object;
}

export interface PreviewedCall {
  readonly step: string;
  readonly request: object;
  /** What it may take and cost. */
  readonly estimate: CallEstimate;
}

/** The last call of a preview is made up: nothing follows from it. */
class PreviewEnds extends Error {}

/** Runs a prompt version: its steps in order, a model call where it says so, the last answer checked. */
export class RunPrompt {
  constructor(private readonly model: LanguageModel) {}

  /**
   * `{text}`, or the object of the schema. Every call goes through `once`. Throws MissingVariable, or BlockFailure:
   * `other-provider`, and `invalid-output` after one try to repair, where a later attempt asks anew and goes on from there.
   */
  async execute(
    { version, scope, lookup = lookupIn(scope), sample, purpose, onText }: PromptRun,
    once: BlockContext['once'],
  ): Promise<Record<string, unknown>> {
    const { definition, hash } = version;
    this.#checkProvider(definition);
    const calls: Calls = {
      hints: hintsOf(definition, hash, scope, sample),
      subject: `${version.id}@${version.version}`,
      purpose,
      once,
      onText,
      insteadOf: [],
    };
    const messages = await this.#said(definition, lookup, calls);
    const request = this.#request(definition, messages);
    let useless: readonly Asked[] = [];
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#call(nameOf('answer', tries), request, { ...calls, insteadOf: useless });
      if (definition.output === 'text') return { text: answer.text };
      const checked = await this.#checked(definition, messages, answer, { calls, tries });
      if ('value' in checked) return checked.value;
      // What an attempt before was told is remembered, and of no use: this one asks anew, once.
      if (checked.anew)
        throw new BlockFailure(
          'invalid-output',
          `The model's answer does not fit the output schema of "${definition.id}", also after one repair: ${checked.fault}`,
          { retryable: true },
        );
      useless = checked.asked;
    }
  }

  /** What was written for one vendor must not go to another, nor what was said by one be taken for the other's. */
  #checkProvider({ id, model: { provider } }: PromptDefinition): void {
    const own = this.model.provider;
    if (provider === undefined || provider === own) return;
    throw new BlockFailure(
      'other-provider',
      `model.provider of prompt "${id}" is "${provider}", and the models here are those of "${own}" (DUOFACTORY_MODEL): write "${own}", or leave it out for whichever there is`,
    );
  }

  /** All messages that come before the answer, those that the model writes among them. */
  async #said({ steps, model }: PromptDefinition, lookup: Lookup, calls: Calls): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for (const [i, { type, text, generate }] of steps.entries()) {
      if (!generate) messages.push({ role: type, ...messageOf(text!, lookup) });
      else if (isCallBefore(steps, i)) {
        const said = await this.#call(`step ${i + 1}`, { messages: [...messages], model }, calls);
        messages.push({ role: 'assistant', text: said.text });
      }
    }
    return messages;
  }

  /** The requests as they would be sent, in order; what the model would have said stands as `<answer of step 2>`. */
  async preview(prompt: PromptRun): Promise<PreviewedCall[]> {
    const calls: PreviewedCall[] = [];
    try {
      await this.execute(prompt, async <T>(step: string, request: unknown) => {
        const asked = request as ModelRequest;
        const estimate = estimateCall(this.model, asked);
        calls.push({ step, request: this.model.preview(asked), estimate });
        if (step === 'answer') throw new PreviewEnds();
        return { text: `<answer of ${step}>` } as T;
      });
    } catch (error) {
      if (!(error instanceof PreviewEnds)) throw error;
    }
    return calls;
  }

  /** The object that the answer is, or the one that mends it. */
  async #checked(
    definition: PromptDefinition,
    messages: readonly Message[],
    answer: Said,
    { calls, tries }: { calls: Calls; tries: number },
  ): Promise<{ value: Record<string, unknown> } | { fault: string; anew: boolean; asked: readonly Asked[] }> {
    const check = answerCheck((definition.output as { schema: Record<string, unknown> }).schema);
    const first = check(answer.text);
    if ('value' in first) return first;
    const request = this.#request(definition, [
      ...messages,
      { role: 'assistant', text: answer.text },
      {
        role: 'user',
        text: `Your answer does not fit the schema: ${first.fault}. Send the whole object again, corrected, and nothing else.`,
      },
    ]);
    const mended = await this.#call(nameOf('repair', tries), request, calls);
    const second = check(mended.text);
    if ('value' in second) return second;
    return { ...second, anew: answer.anew || mended.anew, asked: [answer.asked, mended.asked] };
  }

  #request({ model, output }: PromptDefinition, messages: readonly Message[]): ModelRequest {
    return { messages: [...messages], model, ...(output === 'text' ? {} : { schema: output.schema }) };
  }

  /** What failed halfway in an attempt before is remembered, since it was paid for: this one asks anew, once. */
  async #call(step: string, request: ModelRequest, calls: Calls): Promise<Said> {
    let { insteadOf } = calls;
    for (let failed = 0; ; failed += 1) {
      const { fault, ...said } = await this.#asked({ step, failed }, request, { ...calls, insteadOf });
      if (!fault) return said;
      const retryable = fault.retryable === true;
      if (said.anew || !retryable) throw new BlockFailure(fault.code, fault.message, { retryable });
      insteadOf = [said.asked];
    }
  }

  async #asked(
    { step, failed }: { step: string; failed: number },
    request: ModelRequest,
    { hints, subject, purpose, once, onText, insteadOf }: Calls,
  ): Promise<Said & Pick<ModelAnswer, 'fault'>> {
    const name = request.model.name === 'default' ? this.model.defaultName : request.model.name;
    const exact = { provider: this.model.provider, ...request, model: { ...request.model, name } };
    // A useless answer is remembered like any other: whoever asks the same again does not pay for it again.
    const asked = { step: failed === 0 ? step : `${step} after ${failed} failed`, request: exact };
    let told = false;
    let anew = false;
    const { text, fault } = await once(
      asked.step,
      exact,
      async (signal, call) => {
        anew = true;
        const of = {
          ...{ ...call, purpose, subject, signal },
          ...(onText && { onText: (part: string) => ((told = true), onText(step, part)) }),
        };
        const { usage, count, ...answer } = await this.model.generate(exact, hints, of);
        const { requestId } = answer;
        const named = requestId ? { requestId } : {};
        const paid = { ...usage, saved: false, ...named };
        return { value: answer, usage: paid, ...named, ...(count && { afterwards: count }) };
      },
      { subject, insteadOf },
    );
    if (!told) onText?.(step, text);
    return { text, anew, asked, ...(fault ? { fault } : {}) };
  }
}

/** A step of the ledger: of another try another one. */
const nameOf = (step: string, tries: number): string => (tries === 1 ? step : `${step} ${tries}`);

const IMAGE = /^\{\{\s*image:[^{}]*\}\}$/;
const image = Compile(Ref);

/** A step's message: its text with values, and the images that its end names. */
function messageOf(text: string, lookup: Lookup): Pick<Message, 'text' | 'images'> {
  const { written, ending } = imagesApart(text);
  const resolved = resolveTemplates(written, lookup);
  const said = { text: typeof resolved === 'string' ? resolved : canonicalJson(resolved) };
  if (ending === '') return said;
  return {
    ...said,
    images: templatePaths(ending).map((path) => imageOf(path.replace(/^image:/, ''), lookup)),
  };
}

/** From the end on, one after another: a step may be long, and a regular expression would try every place of it. */
function imagesApart(text: string): { written: string; ending: string } {
  let end = text.length;
  for (;;) {
    const before = text.slice(0, end).trimEnd();
    const opened = before.lastIndexOf('{{');
    if (opened < 0 || !IMAGE.test(before.slice(opened))) break;
    end = opened;
  }
  const ending = text.slice(end);
  return { written: ending === '' ? text : text.slice(0, end).trimEnd(), ending };
}

function imageOf(path: string, lookup: Lookup): Ref {
  const value = lookup(path);
  if (image.Check(value) && value.mediaType.startsWith('image/')) return value;
  throw new BlockFailure(
    'invalid-image',
    `{{image:${path}}} is no image: it must be an object of the object store, {object, mediaType: image/…, sizeBytes}`,
  );
}

function hintsOf(
  definition: PromptDefinition,
  hash: string,
  scope: Readonly<Record<string, unknown>>,
  sample: number,
): ModelHints {
  const names = variablesOf(definition);
  const variables = Object.fromEntries(
    names.filter((name) => Object.hasOwn(scope, name)).map((name) => [name, scope[name]]),
  );
  const family = hashJson([hash, variables]);
  return { seed: hashJson([family, sample]), family, sample, variables };
}
