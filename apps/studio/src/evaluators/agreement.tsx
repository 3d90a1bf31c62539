import { Button, NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import type { components } from '../api/schema.js';
import { definitionsQuery, versionQuery } from '../definitions/definition-queries.js';
import { Failure } from '../frame/failure.js';
import { NumberField } from '../frame/number-field.js';
import { readNumber } from '../frame/typed-number.js';
import { costText } from '../values/cost.js';
import { ReadableValue } from '../values/readable-value.js';

type Report = components['schemas']['EvaluatorAgreement'];
type Case = components['schemas']['TestCaseResult'];

/** What the server takes. */
const TIMES = { isWhole: true, minimum: 1, maximum: 25 };
const LOOK_AGAIN_MS = 500;
const REST_MS = 200;

interface AgreementSearch {
  readonly test?: string;
  readonly passAt?: number;
  readonly opened?: string;
}

const testQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ['evaluator-test', id],
    queryFn: () => answer(api.GET('/api/evaluator-tests/{id}', { params: { path: { id: id! } } })),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? LOOK_AGAIN_MS : false),
  });

/** The evaluator beside people, on the cases of a golden set; another threshold shows what would pass. */
export function Agreement({
  id,
  test,
  passAt,
  opened,
  onSearch,
}: {
  id: string;
  test: string | undefined;
  passAt: number | undefined;
  opened: string | undefined;
  onSearch: (search: AgreementSearch) => void;
}) {
  const sets = useQuery(definitionsQuery('golden-sets'));
  const [chosen, setChosen] = useState<string>();
  const [times, setTimes] = useState('1');
  const repeats = readNumber(times, TIMES);
  const published = sets.data?.filter(({ latest }) => latest !== null) ?? [];
  const goldenSet = chosen ?? published[0]?.id;
  const tested = useQuery(testQuery(test));
  const run = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/evaluator-tests', {
          body: { goldenSet: goldenSet!, evaluators: [id], repeats: repeats.value ?? 1 },
        }),
      ),
    onSuccess: (started) => onSearch({ test: started.id }),
  });
  const report = tested.data?.report?.versions.find(({ evaluator }) => evaluator.startsWith(`${id}@`));
  return (
    <>
      <section className="panel" aria-labelledby="test">
        <header>
          <h2 id="test">Test it against people</h2>
        </header>
        <div className="inside">
          {sets.error && <Failure error={sets.error} onRetry={() => void sets.refetch()} />}
          {sets.data && published.length === 0 ? (
            <p className="quiet">
              No golden set is published yet. <Link to="/evaluators">Begin one</Link>: cases with the verdicts
              of people.
            </p>
          ) : (
            <form
              className="test-form"
              onSubmit={(event) => {
                event.preventDefault();
                run.mutate();
              }}
            >
              <NativeSelect
                label="Golden set"
                value={goldenSet ?? ''}
                data={published.map((set) => ({ value: set.id, label: set.name ?? set.id }))}
                onChange={({ currentTarget }) => setChosen(currentTarget.value)}
              />
              <NumberField
                label="Times that each is asked"
                description="Twice and more show how often it changes its mind"
                limits={TIMES}
                text={times}
                onText={setTimes}
                fault={faultOf(run.error, 'repeats')}
              />
              <Button
                type="submit"
                disabled={goldenSet === undefined || repeats.wrong !== undefined}
                loading={run.isPending || tested.data?.status === 'running'}
              >
                Run the test
              </Button>
              {goldenSet !== undefined && (
                <Link to="/golden-sets/$id" params={{ id: goldenSet }}>
                  Its cases
                </Link>
              )}
            </form>
          )}
          {run.error && <Failure error={run.error} onRetry={() => run.mutate()} />}
          {tested.error && <Failure error={tested.error} onRetry={() => void tested.refetch()} />}
          {tested.data?.status === 'running' && (
            <p role="status">
              {tested.data.done} of {tested.data.total} cases
            </p>
          )}
          {tested.data?.error && <p className="tone-bad">{tested.data.error.message}</p>}
          {report && (
            <p className="quiet">
              {report.evaluator} on {tested.data!.goldenSet}: {report.cases} cases
              {report.failed > 0 && `, ${report.failed} without an answer`}. Paid{' '}
              {costText(report.cost.amount, report.cost.unpriced)}.
            </p>
          )}
        </div>
      </section>
      {report && test !== undefined && (
        <Figures
          {...{ test, opened, onSearch }}
          evaluator={report.evaluator}
          goldenSet={tested.data!.goldenSet}
          passAt={passAt}
        />
      )}
    </>
  );
}

/** The server computes every figure, for whichever threshold. */
function Figures({
  test,
  evaluator,
  goldenSet,
  passAt,
  opened,
  onSearch,
}: {
  test: string;
  evaluator: string;
  goldenSet: string;
  passAt: number | undefined;
  opened: string | undefined;
  onSearch: (search: AgreementSearch) => void;
}) {
  const [id, version] = evaluator.split('@') as [string, string];
  const judged = useQuery(versionQuery('evaluators', id, version));
  const own = (judged.data?.definition as { passAt?: number } | undefined)?.passAt;
  const wanted = passAt ?? (judged.data ? (own ?? DEFAULT_PASS_AT) : undefined);
  const [asked] = useDebouncedValue(wanted, REST_MS);
  const at = useQuery({
    queryKey: ['evaluator-test', test, 'agreement', evaluator, asked],
    queryFn: () =>
      answer(
        api.GET('/api/evaluator-tests/{id}/agreement', {
          params: { path: { id: test }, query: { evaluator, passAt: asked! } },
        }),
      ),
    enabled: asked !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  if (at.error) return <Failure error={at.error} onRetry={() => void at.refetch()} />;
  if (!at.data || wanted === undefined) return <div className="skeleton" />;
  const report = at.data;
  const move = (value: number): void => onSearch({ passAt: Math.min(1, Math.max(0, value)) });
  return (
    <section className="panel" aria-labelledby="agreement">
      <header>
        <h2 id="agreement">Agreement</h2>
      </header>
      <div className="inside agreement">
        <div className="threshold">
          <label htmlFor="threshold">Threshold</label>
          <input
            id="threshold"
            type="range"
            min={0}
            max={1}
            step={0.01}
            value={wanted}
            onChange={({ currentTarget }) => move(Number(currentTarget.value))}
          />
          <ThresholdField value={wanted} onMove={move} />
          <span role="status">
            {report.passes} of {report.cases} would pass
            {report.changed.length > 0 && `, ${report.changed.length} otherwise than now`}
          </span>
        </div>
        <dl className="facts">
          <Estimated name={`Kappa (n = ${report.cases})`} of={report.kappa} />
          <Estimated name="Precision" of={report.precision} />
          <Estimated name="Recall" of={report.recall} />
          <Estimated name="Accuracy" of={report.accuracy} />
          {report.flips.cases > 0 && (
            <Estimated name={`Flips (n = ${report.flips.cases})`} of={report.flips.rate} />
          )}
        </dl>
        <Matrix confusion={report.confusion} />
        <Cases
          title="False passes"
          hint="It would pass them, people do not."
          {...{ cases: report.falsePasses, goldenSet, opened, onSearch }}
        />
        <Cases
          title="False fails"
          hint="People pass them, it would not."
          {...{ cases: report.falseFails, goldenSet, opened, onSearch }}
        />
        {report.flips.cases > 0 && (
          <Cases
            title="Flips"
            hint="Asked again, it said the other thing."
            {...{ cases: report.flips.flipped, goldenSet, opened, onSearch }}
          />
        )}
        <Parts title="By course" one="Course" parts={report.byCourse} />
        <Parts title="By week" one="Week" parts={report.byWeek} />
      </div>
    </section>
  );
}

/** What the server takes where a definition does not say. */
const DEFAULT_PASS_AT = 0.7;

function Estimated({ name, of }: { name: string; of: Report['kappa'] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{estimateText(of)}</dd>
    </div>
  );
}

function estimateText({ value, low, high }: Report['kappa']): string {
  const interval = low !== null && high !== null ? ` (95 % ${low.toFixed(2)}..${high.toFixed(2)})` : '';
  return `${value === null ? 'not defined' : value.toFixed(2)}${interval}`;
}

function Matrix({ confusion }: { confusion: Report['confusion'] }) {
  return (
    <table className="rows matrix">
      <caption>How often: people down, the evaluator across</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">It passes</th>
          <th scope="col">It fails</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">People pass</th>
          <td className="agrees">{confusion.passPass}</td>
          <td>{confusion.passFail}</td>
        </tr>
        <tr>
          <th scope="row">People fail</th>
          <td>{confusion.failPass}</td>
          <td className="agrees">{confusion.failFail}</td>
        </tr>
      </tbody>
    </table>
  );
}

/** Where cases say of which course they are, or when they were judged. */
function Parts({ title, one, parts }: { title: string; one: string; parts: Report['byCourse'] }) {
  if (parts.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <div className="scroll-x">
        <table className="rows">
          <thead>
            <tr>
              <th scope="col">{one}</th>
              <th scope="col" className="number">
                Cases
              </th>
              <th scope="col">Kappa</th>
              <th scope="col">Accuracy</th>
            </tr>
          </thead>
          <tbody>
            {parts.map(({ name, cases, kappa, accuracy }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="number">{cases}</td>
                <td>{estimateText(kappa)}</td>
                <td>{estimateText(accuracy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cases({
  title,
  hint,
  cases,
  goldenSet,
  opened,
  onSearch,
}: {
  title: string;
  hint: string;
  cases: readonly Case[];
  goldenSet: string;
  opened: string | undefined;
  onSearch: (search: AgreementSearch) => void;
}) {
  return (
    <section aria-label={title}>
      <h3>
        {title} ({cases.length})
      </h3>
      <p className="quiet">{cases.length === 0 ? 'None.' : hint}</p>
      <ol className="version-list">
        {cases.map((one) => (
          <li key={one.case}>
            <div>
              <button
                type="button"
                className="plain"
                aria-expanded={opened === one.case}
                onClick={() => onSearch({ opened: opened === one.case ? '' : one.case })}
              >
                {one.case}
              </button>{' '}
              <span className="quiet">{one.score?.toFixed(2)}</span>
            </div>
            <div className="quiet">{one.reasons[0]}</div>
            {opened === one.case && <GoldenCase goldenSet={goldenSet} id={one.case} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

const THRESHOLD = { minimum: 0, maximum: 1 };

/** The threshold as it is typed: what is no threshold is said here, and moves nothing. */
function ThresholdField({ value, onMove }: { value: number; onMove: (value: number) => void }) {
  const [text, setText] = useState(String(value));
  // Moved elsewhere, it shows that; `0.80` that is typed stays as it is.
  useEffect(() => {
    setText((typed) => (readNumber(typed).value === value ? typed : String(value)));
  }, [value]);
  return (
    <NumberField
      aria-label="Threshold as a number"
      description=""
      text={text}
      limits={THRESHOLD}
      fault={text.trim() === '' ? 'Write a number from 0 to 1' : undefined}
      onText={(typed) => {
        setText(typed);
        const { value: read, wrong } = readNumber(typed, THRESHOLD);
        if (read !== undefined && wrong === undefined) onMove(read);
      }}
    />
  );
}

/** What was judged, as the golden set has it. */
function GoldenCase({ goldenSet, id }: { goldenSet: string; id: string }) {
  const [set, version] = goldenSet.split('@') as [string, string];
  const found = useQuery(versionQuery('golden-sets', set, version));
  if (found.error) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" />;
  const { cases } = found.data.definition as unknown as {
    cases: { id: string; course?: string; note?: string; given: unknown }[];
  };
  const one = cases.find((item) => item.id === id);
  return (
    <div className="value golden-case" role="region" aria-label={`Case ${id}`}>
      {one?.course && <p className="quiet">Course {one.course}</p>}
      {one?.note && <p>{one.note}</p>}
      <ReadableValue value={one?.given} />
    </div>
  );
}
