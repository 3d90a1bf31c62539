import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { definitionsQuery } from '../definitions/definition-queries.js';
import { KeptChoice, useKeptChoice } from '../values/kept.js';

/** The golden set that this person has filled last, in this browser. */
const lastSet = new KeptChoice<string | undefined>('duofactory-golden-set', (kept) =>
  typeof kept === 'string' ? kept : undefined,
);

interface GoldenSets {
  readonly sets: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: string | undefined;
}

/** Sets that are published, and the one that a case goes into. */
export function useGoldenSets(): GoldenSets {
  const known = useQuery(definitionsQuery('golden-sets')).data ?? [];
  const last = useKeptChoice(lastSet);
  const sets = known
    .filter(({ latest }) => latest !== null)
    .map(({ id, name }) => ({ id, name: name ?? id }));
  return { sets, chosen: sets.find(({ id }) => id === last)?.id ?? sets[0]?.id };
}

/** What a person decides may be what evaluators are measured by. */
export function GoldenChoice(of: {
  isOn: boolean;
  onToggle: () => void;
  sets: GoldenSets;
  course: string;
  onCourse: (course: string) => void;
}) {
  const { isOn, onToggle, sets, course, onCourse } = of;
  return (
    <div className="buttons">
      <Checkbox label="Also a case of a golden set" checked={isOn} onChange={onToggle} />
      {isOn && (
        <>
          <NativeSelect
            aria-label="Golden set"
            value={sets.chosen ?? ''}
            data={sets.sets.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={({ currentTarget }) => lastSet.choose(currentTarget.value)}
          />
          <TextInput
            aria-label="Course of the case"
            placeholder="of no course"
            value={course}
            onChange={({ currentTarget }) => onCourse(currentTarget.value)}
          />
        </>
      )}
    </div>
  );
}

/** Into the draft of the set. Decided anew, the case of this task is replaced. */
export async function addGoldenCase(
  set: string,
  of: {
    task: string;
    verdict: 'pass' | 'fail';
    note: string;
    course: string;
    given: Record<string, unknown>;
  },
): Promise<void> {
  const { task, verdict, note, course, given } = of;
  await answer(
    api.POST('/api/golden-sets/{id}/draft/cases', {
      params: { path: { id: set } },
      body: {
        ...{ id: `review-${task}`, verdict, given },
        ...(note === '' ? {} : { note }),
        ...(course === '' ? {} : { course }),
      },
    }),
  );
}
