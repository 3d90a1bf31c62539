import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQuery, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type WorkflowDraft } from '../api/client.js';
import { ApiProblem, answer } from '../api/problem.js';
import { resultsQuery, runQuery, tasksQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { StateMark } from '../frame/status-mark.js';
import { RUN_WORDS } from '../frame/status.js';
import { blocksToEstimate } from '../start/blocks-to-estimate.js';
import { estimateQuery } from '../start/estimate-query.js';
import { useSentAs } from '../start/sent-as.js';
import { costText } from '../values/cost.js';
import { isObject } from '../values/is-object.js';
import { keyText } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import { whenText } from '../values/time.js';
import type { EditedBlock } from './document.js';
import { useGivenTexts } from './given-texts.js';
import { usePastPayloads } from './past-payloads.js';

const LOOKED_AT_MS = 500;
/** As the API names the workflow of a block that is tested. */
const OF_TESTS = '--test';
/** Before the key of a payload of a past run, among choices. */
const PAST = 'past ';
const MOST_LETTERS = 40;

interface TestProps {
  readonly workflow: string;
  readonly definition: Record<string, unknown>;
  readonly blocks: readonly EditedBlock[];
  readonly at: number;
  readonly faults: WorkflowDraft['errors'];
}

/** Runs the block by itself, on a payload of a past run or a typed one; what it may cost is said first. */
export function BlockTest(of: TestProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="names" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Test block</summary>
      {isOpen && <TestForm {...of} />}
    </details>
  );
}

function TestForm({ workflow, definition, blocks, at, faults }: TestProps) {
  const block = blocks[at]!;
  const place = `block-test/${workflow}/${block.id}`;
  const [run, setRun] = useState<string>();
  const [key, setKey] = useState<string>();
  const typed = useGivenTexts(place);
  const past = usePastPayloads(workflow, blocks, { at, run });
  const chosen = past.payloads.find((one) => one.key === key) ?? past.payloads[0];
  const sample = JSON.stringify(chosen?.seen ?? {}, null, 2);
  const text = typed.shown === undefined ? sample : typed.texts[typed.shown]!;
  const choices = [
    ...past.payloads.map((payload) => ({ value: `${PAST}${payload.key}`, label: keyText(payload.key) })),
    ...typed.texts.map((one, n) => ({ value: String(n), label: `What you typed: ${firstLetters(one)}` })),
  ];
  const { given, wrong } = readGiven(text);
  const own = faults.filter(({ field }) => field.startsWith(`blocks.${block.id}.`));
  const estimate = useQuery({
    ...estimateQuery(`${workflow}${OF_TESTS}`, given ?? {}, blocksToEstimate([block])),
    enabled: given !== undefined,
    placeholderData: (before) => before,
  });
  const sentAs = useSentAs(place);
  const test = useMutation({
    mutationFn: (key: string) =>
      answer(
        api.POST('/api/workflows/{id}/block-tests', {
          params: { path: { id: workflow }, header: { 'Idempotency-Key': key } },
          body: { definition, block: block.id, given: given! },
        }),
      ),
    onSuccess: () => sentAs.answered(),
    onError: (error) => {
      if (error instanceof ApiProblem) sentAs.answered();
    },
  });
  return (
    <div className="stack-inside">
      {past.error !== null && <Failure error={past.error} />}
      {past.runs.length > 0 && (
        <NativeSelect
          label="Past run"
          value={past.run}
          onChange={({ currentTarget }) => {
            setRun(currentTarget.value);
            setKey(undefined);
            typed.show(undefined);
          }}
          data={past.runs.map(({ id, createdAt }) => ({
            value: id,
            label: `${whenText(createdAt)}, ${id.slice(0, 8)}`,
          }))}
        />
      )}
      {choices.length > 1 && (
        <NativeSelect
          label="Payload"
          value={typed.shown === undefined ? `${PAST}${chosen?.key ?? ''}` : String(typed.shown)}
          onChange={({ currentTarget: { value } }) => {
            const isPast = value.startsWith(PAST);
            if (isPast) setKey(value.slice(PAST.length));
            typed.show(isPast ? undefined : Number(value));
          }}
          data={choices}
        />
      )}
      {!past.isPending && past.payloads.length === 0 && (
        <p className="quiet">
          {past.runs.length === 0 ? 'No run has a payload for it yet' : 'This run has no payload for it'}:
          type what the block is to see, or{' '}
          {past.runs.length === 0 ? 'run the workflow once' : 'choose another run'}.
        </p>
      )}
      <Textarea
        label="What it sees"
        description="JSON: what blocks above make, and inputs of the run, by their names; a sample, yours to change"
        autosize
        minRows={3}
        maxRows={12}
        classNames={{ input: 'mono' }}
        value={text}
        error={wrong}
        onChange={({ currentTarget }) => typed.type(currentTarget.value)}
      />
      <p className="quiet">{costSaid(block, estimate.data?.blocks[0])}</p>
      {own.length > 0 && <p className="tone-bad">The block has faults: mend them first.</p>}
      {test.error && <TestRefused error={test.error} />}
      <div>
        <Button
          variant="default"
          loading={test.isPending}
          disabled={given === undefined || own.length > 0}
          onClick={() => test.mutate(sentAs.key())}
        >
          Test block
        </Button>
      </div>
      {test.data && <Outcome run={test.data.id} block={block.id} />}
    </div>
  );
}

function firstLetters(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS)}…` : line;
}

function readGiven(text: string): { given?: Record<string, unknown>; wrong?: string } {
  try {
    const given: unknown = JSON.parse(text === '' ? '{}' : text);
    return isObject(given) ? { given } : { wrong: 'It must be an object: { "name": … }' };
  } catch (error) {
    return { wrong: `This is no JSON: ${(error as Error).message}` };
  }
}

function costSaid({ type }: EditedBlock, estimate: { cost: { mean: number } | null } | undefined): string {
  if (!estimate) return `It asks no model. What a block of type "${type}" writes elsewhere is written.`;
  return estimate.cost ? `It may cost ~${costText(estimate.cost.mean, 0)}.` : 'What it costs is not known.';
}

/** What the service refuses, each at what caused it. */
function TestRefused({ error }: { error: Error }) {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return <Failure error={error} />;
  return (
    <div role="alert">
      <ul className="problems">
        {error.errors.map(({ field, message }, n) => (
          <li key={n}>
            <code>{field}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Outcome({ run: id, block }: { run: string; block: string }) {
  const run = useQuery({
    ...runQuery(id),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : LOOKED_AT_MS),
  });
  const hasEnded = run.data !== undefined && run.data.endedAt !== null;
  const results = useInfiniteQuery({ ...resultsQuery(id, block), enabled: hasEnded });
  const tasks = useInfiniteQuery({ ...tasksQuery(id, { block }), enabled: hasEnded });
  if (!run.data) return <div className="skeleton" />;
  const errors = (tasks.data?.pages[0]?.tasks ?? []).flatMap(({ error }) => messageOf(error));
  return (
    <section aria-label="Outcome of the test" className="block-outcome">
      <p>
        <StateMark words={RUN_WORDS} state={run.data.status} />{' '}
        <Link to="/runs/$id" params={{ id }} search={{ block }}>
          its run
        </Link>
      </p>
      {errors.map((message, n) => (
        <p key={n} className="tone-bad">
          {message}
        </p>
      ))}
      {results.data?.pages[0]?.payloads.map(({ key, blockResults }) => (
        <div key={key} className="value">
          <ReadableValue value={blockResults[block]} />
        </div>
      ))}
      {hasEnded && results.data?.pages[0]?.payloads.length === 0 && errors.length === 0 && (
        <p className="quiet">It let nothing through.</p>
      )}
    </section>
  );
}

function messageOf(error: unknown): string[] {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? [message] : [];
}
