import { Checkbox, Modal } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import { switchSingleKeys, useSingleKeys } from './single-keys.js';

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
    'Editors',
    [
      ['Ctrl S', 'Save the draft now'],
      ['Ctrl Z, Ctrl Shift Z', 'Undo, redo'],
      ['Ctrl Enter', 'Run the prompt'],
      ['Alt Up, Alt Down', 'Move a step'],
    ],
  ],
  [
    'Review',
    [
      ['J, K', 'Next, previous'],
      ['Ctrl Enter', 'Accept'],
      ['E', 'Edit'],
      ['S', 'Skip'],
      ['Space', 'Play, pause'],
    ],
  ],
];

/** What keys do, and whether those without Ctrl or Cmd do anything. */
export default function KeysHelp({ onClose }: { onClose: () => void }) {
  const on = useSingleKeys();
  return (
    <Modal opened onClose={onClose} title="Keys" closeButtonProps={{ 'aria-label': 'Close' }}>
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
        onChange={({ currentTarget }) => switchSingleKeys(currentTarget.checked)}
      />
    </Modal>
  );
}
