import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { components } from '../api/schema.js';
import { Failure } from '../frame/failure.js';
import { useTyping } from '../values/typing.js';
import type { EpisodeDetail } from './queries.js';

type Forecast = components['schemas']['RecallForecast'];
type Question = Omit<components['schemas']['RecallBody'], 'environments' | 'dryRun' | 'seal'>;
type InputName = keyof Question['input'];

interface Typed {
  /** The place in the list of what went into it. */
  readonly chosen: number;
  readonly remedy: 'unpublish' | 'rollback';
  readonly reason: string;
}

const NOTHING_TYPED: Typed = { chosen: 0, remedy: 'rollback', reason: '' };

/** What can be recalled of an episode: each thing that went into it. */
function inputsOf(
  provenance: EpisodeDetail['provenance'],
): { name: InputName; value: string; label: string }[] {
  const { prompts, evaluators, models, voices = [], rows, run } = provenance;
  const all: [InputName, string, readonly string[]][] = [
    ['prompt', 'Prompt', prompts],
    ['evaluator', 'Evaluator', evaluators],
    ['model', 'Model', models],
    ['voice', 'Voice', voices],
    ['row', 'Source row', rows],
    ['run', 'Run', [run]],
  ];
  return all.flatMap(([name, label, values]) =>
    values.map((value) => ({ name, value, label: `${label} ${value}` })),
  );
}

/** Takes back every episode that something went into: first what that would be, then the very same. */
export function RecallForm({ episode }: { episode: EpisodeDetail }) {
  const { provenance, environment, id } = episode;
  const inputs = inputsOf(provenance);
  const [typed, type, forget] = useTyping<Typed>(`recall/${environment}/${id}`, () => NOTHING_TYPED);
  const { remedy, reason } = typed;
  const chosen = Math.min(typed.chosen, inputs.length - 1);
  const input = inputs[chosen]!;
  const question: Question = { input: { [input.name]: input.value }, remedy, reason };
  const forecast = useMutation({
    mutationFn: async () =>
      (await answer(
        api.POST('/api/recalls', { body: { ...question, environments: ['dev', 'prod'], dryRun: true } }),
      )) as Forecast,
  });
  const recall = useMutation({
    mutationFn: (seal: string) =>
      answer(api.POST('/api/recalls', { body: { ...question, environments: ['dev', 'prod'], seal } })),
    onSuccess: () => {
      forget();
      return queryClient.invalidateQueries({ queryKey: ['catalog'] });
    },
  });
  /** Another question has another answer. */
  const again = (): void => {
    forecast.reset();
    recall.reset();
  };
  const found = forecast.data;
  const isStale = recall.error instanceof ApiProblem && recall.error.code === 'seal-broken';
  return (
    <div className="recall">
      <NativeSelect
        label="Every episode that this went into"
        value={String(chosen)}
        onChange={({ currentTarget }) => {
          type({ ...typed, chosen: Number(currentTarget.value) });
          again();
        }}
        data={inputs.map(({ label }, at) => ({ value: String(at), label }))}
      />
      <NativeSelect
        label="Readers then get"
        value={remedy}
        onChange={({ currentTarget }) => {
          type({ ...typed, remedy: currentTarget.value as Typed['remedy'] });
          again();
        }}
        data={[
          { value: 'rollback', label: 'The newest version that it did not go into' },
          { value: 'unpublish', label: 'Nothing' },
        ]}
      />
      {(found === undefined || isStale) && (
        <Button
          variant="default"
          loading={forecast.isPending}
          onClick={() => {
            recall.reset();
            forecast.mutate();
          }}
        >
          See what it would take back
        </Button>
      )}
      {forecast.error && <Failure error={forecast.error} />}
      {found && !recall.data && <Forecasted found={found} />}
      {found && !isStale && !recall.data && found.episodes.length + found.earlierVersions > 0 && (
        <>
          <TextInput
            label="Reason"
            description="For those who read it later"
            value={reason}
            maxLength={1000}
            onChange={({ currentTarget }) => type({ ...typed, reason: currentTarget.value })}
          />
          <Button loading={recall.isPending} onClick={() => recall.mutate(found.seal)}>
            Recall {countText(found.episodes.length)}
          </Button>
        </>
      )}
      {recall.error && <Failure error={recall.error} />}
      {recall.data && (
        <p role="status">Recalled: {countText(recall.data.episodes.length)}. Their readers have the rest.</p>
      )}
    </div>
  );
}

const countText = (count: number): string => (count === 1 ? '1 episode' : `${count} episodes`);

function Forecasted({ found: { episodes, earlierVersions } }: { found: Forecast }) {
  return (
    <div role="status">
      <p>
        {countText(episodes.length)} would be taken back
        {earlierVersions > 0 &&
          `, and ${earlierVersions === 1 ? '1 earlier version' : `${earlierVersions} earlier versions`} could be rolled back to no more`}
        .
      </p>
      {episodes.length > 0 && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="What would be taken back">
          <table className="rows">
            <thead>
              <tr>
                <th>Episode</th>
                <th>Where</th>
                <th>Has</th>
                <th>Then</th>
              </tr>
            </thead>
            <tbody>
              {episodes.map(({ environment, id, title, course, node, slot, version, then }) => (
                <tr key={`${environment}/${id}`}>
                  <td>{title}</td>
                  <td>
                    {environment} {course}/{node}, slot {slot}
                  </td>
                  <td>v{version}</td>
                  <td>{then === null ? 'nothing' : `v${then}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
