import { Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useKeptChoice } from '../values/kept.js';
import { Dialog } from './dialog.js';
import { singleKeysAreOn } from './single-keys.js';

const KEYS: readonly (readonly [
  screens: string,
  keys: readonly (readonly [keys: string, does: string])[],
])[] = [
  [
    'Everywhere',
    [
      ['Ctrl K', 'Go to a screen, workflow, prompt or evaluator'],
      ['?', 'These keys'],
      ['Esc', 'Close what is open'],
    ],
  ],
  [
    'Lists',
    [
      ['/', 'Filter'],
      ['J, K', 'Next, previous row'],
      ['Enter', 'Open it'],
      ['X', 'Select it, in Runs and Catalog'],
    ],
  ],
  [
    'Editors',
    [
      ['Ctrl S', 'Save the draft now'],
      ['Ctrl Z, Ctrl Shift Z', 'Undo, redo'],
      ['Ctrl Enter', 'Run the prompt, save and run the workflow, start'],
      ['Alt Up, Alt Down', 'Move a step'],
    ],
  ],
  [
    'Review',
    [
      ['J, K', 'Next, previous; without sound also Right, Left'],
      ['1 to 9', 'What the button with the number does; 1 accepts'],
      ['Ctrl Enter', 'Accept'],
      ['E', 'Edit'],
      ['S', 'Skip'],
      ['G', 'Make it a case of a golden set'],
      ['Space', 'Play, pause'],
    ],
  ],
];

/** What keys do, and whether those without Ctrl or Cmd do anything. */
export default function KeysHelp({ onClose }: { onClose: () => void }) {
  const on = useKeptChoice(singleKeysAreOn);
  return (
    <Dialog title="Keys" onClose={onClose}>
      {KEYS.map(([screens, keys]) => (
        <section key={screens} className="keys">
          <h3>{screens}</h3>
          <dl>
            {keys.map(([key, does]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <Checkbox
        label="Keys without Ctrl or Cmd do something"
        checked={on}
        onChange={({ currentTarget }) => singleKeysAreOn.choose(currentTarget.checked)}
      />
    </Dialog>
  );
}
