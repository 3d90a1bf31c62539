import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { Suspense, useLayoutEffect, useRef, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import type { YamlEdit } from '../draft/yaml-edits.js';
import { Icon } from '../frame/icons.js';
import { SignButton } from '../frame/sign-button.js';
import { stepEdits, type EditedStep } from './prompt-document.js';
import type { TextFault } from './use-check.js';
import { useFolds } from './use-folds.js';

const StepEditor = lazyPart(() => import('./step-editor.js'));

const TITLES = { system: 'System Message', user: 'User Message', assistant: 'Assistant Message' } as const;
const HINTS = {
  system: 'The prompt sent by the system...',
  user: 'The prompt sent by the user...',
  assistant: 'What the assistant has said...',
} as const;

interface StepListProps {
  readonly steps: readonly EditedStep[];
  readonly faults: readonly TextFault[];
  readonly names: readonly string[];
  readonly readOnly: boolean;
  readonly edit: (edits: readonly YamlEdit[], place?: string) => void;
}

/** The messages in their order. A step moves by drag, by its buttons, and by Alt with an arrow. */
export function StepList({ steps, edit, readOnly, ...props }: StepListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [told, setTold] = useState('');
  const [folded, setFolded] = useFolds(steps);
  const moved = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (moved.current === undefined) return;
    // The focus goes with the step, before anything else can have it.
    const step = list.current?.children[moved.current];
    step?.querySelector<HTMLElement>('.cm-content, .step-head button')?.focus();
    moved.current = undefined;
  }, [steps]);
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= steps.length || to === from) return;
    edit(stepEdits.move(from, to));
    setTold(`Step ${from + 1} is step ${to + 1} now`);
    moved.current = to;
  };
  return (
    <>
      <ol className="chat-steps" ref={list} aria-label="Steps">
        {steps.map((step, at) => (
          <li
            key={at}
            className={dragged === at ? 'step-card dragged' : 'step-card'}
            onDragOver={(event) => {
              if (dragged !== undefined) event.preventDefault();
            }}
            onDrop={() => {
              if (dragged !== undefined) move(dragged, at);
              setDragged(undefined);
            }}
            onKeyDown={(event) => {
              if (readOnly || !event.altKey || event.defaultPrevented) return;
              if (event.key === 'ArrowUp') move(at, at - 1);
              else if (event.key === 'ArrowDown') move(at, at + 1);
              else return;
              event.preventDefault();
            }}
          >
            <StepCard
              {...props}
              {...{ step, at, readOnly, edit }}
              isFirst={at === 0}
              isLast={at === steps.length - 1}
              isFolded={folded[at]!}
              onFold={(isFolded) => setFolded(folded.with(at, isFolded))}
              onRemove={() => edit(stepEdits.remove(at))}
              onMove={(by) => move(at, at + by)}
              onDrag={(isDragged) => setDragged(isDragged ? at : undefined)}
            />
          </li>
        ))}
      </ol>
      <span className="hidden" role="status">
        {told}
      </span>
      {!readOnly && (
        <Button
          variant="default"
          onClick={() => {
            // Before the last answer of the model, as a person would.
            const isAnswered = steps.at(-1)?.generate === true;
            const at = isAnswered ? steps.length - 1 : steps.length;
            edit(stepEdits.add(at, 'user'));
          }}
        >
          + Create New Step
        </Button>
      )}
    </>
  );
}

interface StepCardProps extends Omit<StepListProps, 'steps'> {
  readonly step: EditedStep;
  readonly at: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
  readonly onRemove: () => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onDrag: (isDragged: boolean) => void;
}

function StepCard({
  step,
  at,
  faults,
  names,
  readOnly,
  edit,
  isFirst,
  isLast,
  isFolded,
  onFold,
  onRemove,
  onMove,
  onDrag,
}: StepCardProps) {
  const own = faults.filter(({ field }) => field === `steps.${at}` || field.startsWith(`steps.${at}.`));
  const number = at + 1;
  return (
    <>
      <div className="step-head">
        {!readOnly && (
          <span
            className="grip"
            draggable
            title="Drag to move"
            aria-hidden="true"
            onDragStart={() => onDrag(true)}
            onDragEnd={() => onDrag(false)}
          >
            ⋮⋮
          </span>
        )}
        <SignButton
          label={isFolded ? `Unfold step ${number}` : `Fold step ${number}`}
          sign={isFolded ? '▸' : '▾'}
          disabled={false}
          onClick={() => onFold(!isFolded)}
        />
        <span className="step-number">{number}</span>
        <strong>{TITLES[step.type]}</strong>
        {!readOnly && (
          <div className="end">
            <button type="button" className="plain" onClick={() => edit(stepEdits.retype(at, step))}>
              SWITCH TYPE<span className="hidden"> of step {number}</span>
            </button>
            <SignButton
              label={`Move step ${number} up`}
              sign="↑"
              keys="Alt ↑"
              disabled={isFirst}
              onClick={() => onMove(-1)}
            />
            <SignButton
              label={`Move step ${number} down`}
              sign="↓"
              keys="Alt ↓"
              disabled={isLast}
              onClick={() => onMove(1)}
            />
            <button
              type="button"
              className="icon"
              aria-label={`Remove step ${number}`}
              title={`Remove step ${number}`}
              onClick={onRemove}
            >
              <Icon name="bin" />
            </button>
          </div>
        )}
      </div>
      {isFolded && !step.generate && (
        <p className="quiet step-folded">{step.text.trim() || HINTS[step.type]}</p>
      )}
      {step.generate ? (
        <p className="quiet">
          The model writes this message{isLast ? ': the answer' : '; the steps below see it'}.
        </p>
      ) : isFolded ? null : (
        <Suspense fallback={<div className="step-text waiting" />}>
          <StepEditor
            label={`Text of step ${number}`}
            hint={HINTS[step.type]}
            text={step.text}
            readOnly={readOnly}
            faults={own}
            names={names}
            onChange={(text) => edit(stepEdits.write(at, text), `steps.${at}.text`)}
            onMove={onMove}
          />
        </Suspense>
      )}
      {step.type === 'assistant' && !isFolded && (
        <Checkbox
          label="Auto Generate this Message"
          checked={step.generate}
          disabled={readOnly}
          onChange={({ currentTarget }) => edit(stepEdits.generate(at, currentTarget.checked))}
        />
      )}
      {own.length > 0 && (
        <ul className="step-faults">
          {own.map(({ message, code, fix }, n) => (
            <li key={n} className={code === 'unknown-variable' ? 'tone-waiting' : 'tone-bad'}>
              {message}{' '}
              {fix && !readOnly && (
                <button type="button" className="plain" onClick={() => edit(stepEdits.write(at, fix.text))}>
                  {fix.label}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
