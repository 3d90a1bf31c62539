import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '../api/client.js';
import { postForEvents } from '../api/event-stream.js';
import { answer, isNoDraft, problemOf } from '../api/problem.js';
import type { components } from '../api/schema.js';
import type { DraftEditing } from '../draft/use-draft.js';
import { Failure } from '../frame/failure.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber } from '../frame/typed-number.js';
import { useInSight } from '../frame/use-in-sight.js';
import { costText } from '../values/cost.js';
import { useTyping } from '../values/typing.js';
import { ComparedPairs } from './compared-pairs.js';
import { signed } from './signed.js';

export type PromptComparison = components['schemas']['PromptComparison'];

interface Asked {
  readonly prompt: string;
  readonly limit: number;
  readonly find?: string;
  readonly order: 'newest' | 'worst';
  readonly evaluators?: string[];
}

type Comparing =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly comparison: PromptComparison; readonly of: string }
  | { readonly kind: 'failed'; readonly error: Error };

const REST_MS = 400;
const FIRST = 20;
const LIMITS = { isWhole: true, minimum: 1, maximum: 100 };

/** The published version and the draft on real past inputs: what it may cost first, then what becomes better and worse. */
export function Impact({ id, draft }: { id: string; draft: DraftEditing }) {
  const [typed, setTyped] = useTyping(`publish/prompts/${id}/limit`, () => String(FIRST));
  const { value: limit = FIRST, wrong } = readNumber(typed, LIMITS);
  const [order, setOrder] = useState<Asked['order']>('newest');
  const [find, setFind] = useTyping(`publish/prompts/${id}/find`, () => '');
  const [evaluator, setEvaluator] = useTyping(`publish/prompts/${id}/evaluator`, () => '');
  const [comparing, setComparing] = useState<Comparing>({ kind: 'none' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const evaluators = evaluator.split(/[\s,]+/).filter(Boolean);
  const asked: Asked = {
    ...{ prompt: id, limit, order },
    ...(find.trim() ? { find: find.trim() } : {}),
    ...(evaluators.length > 0 ? { evaluators } : {}),
  };
  // What an outcome is of: it says nothing of another draft, another version, or other inputs.
  const subject = JSON.stringify([asked, draft.latest, draft.text]);
  const now = useRef(subject);
  now.current = subject;
  const compare = async (): Promise<void> => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    setComparing({ kind: 'running', done: 0, total: 0 });
    if (!(await draft.saveNow())) {
      setComparing({ kind: 'failed', error: new Error('The draft could not be saved: see above') });
      return;
    }
    const of = now.current;
    try {
      for await (const { event, data } of postForEvents('/api/prompt-comparisons', { body: asked, signal })) {
        if (event === 'progress')
          setComparing({ kind: 'running', ...(data as { done: number; total: number }) });
        if (event === 'done') setComparing({ kind: 'done', comparison: data as PromptComparison, of });
        if (event === 'failed') throw problemOf((data as { status: number }).status, data);
      }
    } catch (error) {
      if (!signal.aborted) setComparing({ kind: 'failed', error: error as Error });
    }
  };
  return (
    <>
      <form
        className="impact-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong === undefined) void compare();
        }}
      >
        <NumberField label="Past inputs" limits={LIMITS} description="" text={typed} onText={setTyped} />
        <NativeSelect
          label="Which"
          value={order}
          onChange={({ currentTarget }) => setOrder(currentTarget.value as Asked['order'])}
          data={[
            { value: 'newest', label: 'The newest' },
            { value: 'worst', label: 'The worst' },
          ]}
        />
        <TextInput
          label="Only with"
          placeholder="en-es"
          value={find}
          onChange={({ currentTarget }) => setFind(currentTarget.value)}
        />
        <TextInput
          label="Judged by"
          placeholder="as in the workflow"
          value={evaluator}
          onChange={({ currentTarget }) => setEvaluator(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={comparing.kind === 'running'}>
          Compare
        </Button>
      </form>
      {wrong === undefined && <Beforehand asked={asked} isSaved={draft.save.kind === 'saved'} />}
      {comparing.kind === 'running' && (
        <p role="status">
          {comparing.total === 0 ? 'Beginning' : `${comparing.done} of ${comparing.total} inputs`}
        </p>
      )}
      {comparing.kind === 'failed' && !isNoDraft(comparing.error) && (
        <Failure error={comparing.error} onRetry={() => void compare()} />
      )}
      {comparing.kind === 'done' &&
        (comparing.of === subject ? (
          <Outcome comparison={comparing.comparison} />
        ) : (
          <p role="status">Something has changed since the comparison: compare again.</p>
        ))}
    </>
  );
}

/** What it may cost, before anything is asked. */
function Beforehand({ asked, isSaved }: { asked: Asked; isSaved: boolean }) {
  const [body] = useDebouncedValue(JSON.stringify(asked), REST_MS);
  const estimate = useQuery({
    queryKey: ['prompt-comparison-estimate', body],
    queryFn: () => answer(api.POST('/api/prompt-comparisons/estimate', { body: JSON.parse(body) as Asked })),
    enabled: isSaved,
    retry: false,
  });
  if (isNoDraft(estimate.error))
    return <p className="quiet">Nothing has changed: the draft is what is published.</p>;
  if (estimate.error) return <Failure error={estimate.error} onRetry={() => void estimate.refetch()} />;
  if (!estimate.data)
    return <p className="quiet">{isSaved ? 'Estimating' : 'Saved first, then estimated'}</p>;
  const { inputs, answers, judgements, cost, evaluators } = estimate.data;
  if (inputs === 0)
    return <p className="quiet">No past input: no run has used this prompt, or none has this text.</p>;
  return (
    <p className="quiet">
      {inputs} {inputs === 1 ? 'input' : 'inputs'}, {answers} answers
      {evaluators.length > 0
        ? `, ${judgements} judgements by ${evaluators.join(', ')}`
        : '; nothing judges them: name an evaluator, or look at the differences'}
      . <strong>At most {cost === null ? 'an unknown price' : costText(cost, 0)}</strong>; what was asked
      before is free.
    </p>
  );
}

const NO_INTERVAL: Record<NonNullable<PromptComparison['mean']['noInterval']>, string> = {
  'too-few': 'too few inputs for an interval',
  'all-equal': 'no interval: all differ by as much',
};

function Outcome({ comparison }: { comparison: PromptComparison }) {
  const { better, same, worse, unjudged, different, mean, spread, cost, paid, pairs } = comparison;
  const own = useInSight<HTMLDivElement>(comparison);
  return (
    <div role="region" className="outcome-region" aria-label="Outcome of the comparison" ref={own}>
      <p className="impact-outcome">
        <strong>
          {better} better, {same} same, {worse} worse
        </strong>
        {unjudged > 0 && `, ${unjudged} not judged`}; {different} of {pairs.length} answers differ
      </p>
      <dl className="facts">
        {mean.value !== null && (
          <div>
            <dt>Mean difference</dt>
            <dd>
              {signed(mean.value)}
              {mean.low !== null && mean.high !== null && (
                <>
                  {' '}
                  (95 % {signed(mean.low)}..{signed(mean.high)})
                </>
              )}
              {mean.noInterval !== null && ` (${NO_INTERVAL[mean.noInterval]})`}
            </dd>
          </div>
        )}
        {spread !== null && (
          <div>
            <dt>Own spread of the evaluator</dt>
            <dd>±{spread.toFixed(3)}</dd>
          </div>
        )}
        <div>
          <dt>Cost of the answers</dt>
          <dd>
            {cost.before === null || cost.after === null
              ? 'price unknown'
              : `${costText(cost.before, 0)} before, ${costText(cost.after, 0)} after`}
            {cost.change !== null && ` (${signed(cost.change * 100, 0)} %)`}
          </dd>
        </div>
        <div>
          <dt>Paid for this look</dt>
          <dd>
            {costText(paid.amount, paid.unpriced)}
            {paid.saved > 0 && `, ${costText(paid.saved, 0)} saved by the ledger`}
          </dd>
        </div>
      </dl>
      <ComparedPairs pairs={pairs} />
    </div>
  );
}
