import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Failure } from '../frame/failure.js';
import { Icon } from '../frame/icons.js';
import { keyText } from '../values/payload-key.js';
import { usePastInput } from './past-scope.js';
import type { TriedInputs } from './tried-inputs.js';
import { valuesOf, type Variable } from './variables.js';

/**
 * Fills the fields with the input of the task that the address names, and says whose it is. Once a task: what is typed
 * over it stays, after a reload too, and is told. A variable that the prompt gets later is filled when it comes.
 */
export function FilledFrom({
  task,
  fields,
  inputs: { tried, from, fill },
  onClose,
}: {
  task: string;
  fields: readonly Variable[];
  inputs: TriedInputs;
  onClose: () => void;
}) {
  const { given, scope, error } = usePastInput(task);
  useEffect(() => {
    if (!scope || fields.length === 0) return;
    const isFilled = from === task;
    const empty = isFilled ? fields.filter(({ path }) => tried[path] === undefined) : fields;
    const values = valuesOf(empty, scope);
    if (!isFilled || Object.keys(values).length > 0) fill(values, task);
  }, [task, scope, fields, from, tried, fill]);
  if (error) return <Failure error={error} />;
  if (!given) return <div className="skeleton" />;
  const { run, block, payload } = given;
  const isChanged =
    from === task &&
    scope !== undefined &&
    Object.entries(valuesOf(fields, scope)).some(
      ([path, value]) => JSON.stringify(tried[path]) !== JSON.stringify(value),
    );
  return (
    <div className="notice calm" role="status">
      <span>
        Input of {block}, {keyText(payload.key)}:{' '}
        <Link to="/runs/$id" params={{ id: run }} search={{ block }}>
          its run
        </Link>
        {isChanged && ', changed since'}
      </span>
      <button
        type="button"
        className="icon end"
        aria-label="Forget where the input is from"
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
