/** The one vocabulary of states: every word, its icon and its colour, and which state of the engine says which word. */
export const STATUS = {
  Queued: { icon: 'ring', tone: 'idle' },
  Skipped: { icon: 'dash', tone: 'idle' },
  'Not selected': { icon: 'funnel', tone: 'idle' },
  Cancelled: { icon: 'slash', tone: 'idle' },
  Draft: { icon: 'pencil', tone: 'idle' },
  Retired: { icon: 'box', tone: 'idle' },
  Running: { icon: 'arc', tone: 'running' },
  Retrying: { icon: 'loop', tone: 'waiting' },
  Paused: { icon: 'bars', tone: 'waiting' },
  Ambiguous: { icon: 'question', tone: 'waiting' },
  'In review': { icon: 'person', tone: 'review' },
  Succeeded: { icon: 'check', tone: 'good' },
  Published: { icon: 'check', tone: 'good' },
  Partial: { icon: 'half', tone: 'loss' },
  Dropped: { icon: 'down', tone: 'loss' },
  Failed: { icon: 'cross', tone: 'bad' },
} as const;

export type StatusWord = keyof typeof STATUS;
export type StatusIcon = (typeof STATUS)[StatusWord]['icon'];

export const RUN_WORDS: Readonly<Record<string, StatusWord>> = {
  queued: 'Queued',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Running',
  completed: 'Succeeded',
  partial: 'Partial',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** What a run tries out, where it is a test. */
export const TEST_WORDS = { block: 'test of a block', draft: 'test of a draft' } as const;

/** Without a choice, runs that only try a block or a draft out are left out. */
export const TESTS_CHOICES = { with: 'With tests', only: 'Tests alone' } as const;
export type TestsChoice = keyof typeof TESTS_CHOICES;

/** What lists of runs may be narrowed down to: all that go on, or those that a word says. */
export const RUN_CHOICES = {
  active: { label: 'Going on', filter: { status: 'active' } },
  queued: { label: 'Queued', filter: { status: 'queued' } },
  running: { label: 'Running', filter: { status: ['running', 'stopping'], awaitsReview: false } },
  'in-review': { label: 'In review', filter: { status: 'running', awaitsReview: true } },
  paused: { label: 'Paused', filter: { status: 'paused' } },
  completed: { label: 'Succeeded', filter: { status: 'completed' } },
  partial: { label: 'Partial', filter: { status: 'partial' } },
  failed: { label: 'Failed', filter: { status: 'failed' } },
  cancelled: { label: 'Cancelled', filter: { status: 'cancelled' } },
} as const;

export type RunChoice = keyof typeof RUN_CHOICES;

/** Of a run whose server says, beside its state, whether people are all that it waits for. */
export function runWord(run: {
  readonly status: string;
  readonly awaitsReview: boolean;
}): StatusWord | undefined {
  return run.awaitsReview ? 'In review' : wordFor(RUN_WORDS, run.status);
}

const OF_TASKS = {
  evaluating: 'Queued',
  ready: 'Queued',
  requested: 'Running',
  backoff: 'Retrying',
  done: 'Succeeded',
  failed: 'Failed',
  dropped: 'Dropped',
  kept: 'Partial',
} as const;

export const TASK_WORDS: Readonly<Record<string, StatusWord>> = OF_TASKS;

/** What lists of tasks may be narrowed down to: a word each, and all states that say it. */
export const TASK_CHOICES = {
  queued: ['evaluating', 'ready'],
  running: ['requested'],
  retrying: ['backoff'],
  succeeded: ['done'],
  failed: ['failed'],
  dropped: ['dropped'],
  partial: ['kept'],
} as const satisfies Readonly<Record<string, readonly (keyof typeof OF_TASKS)[]>>;

export type TaskChoice = keyof typeof TASK_CHOICES;

/** Of a task that a person has, not a service. */
export const REVIEW_TASK_WORDS: Readonly<Record<string, StatusWord>> = {
  ...TASK_WORDS,
  requested: 'In review',
};

/** Of an episode, for its readers. */
export const EPISODE_WORDS: Readonly<Record<string, StatusWord>> = {
  publishing: 'Running',
  published: 'Published',
  unpublished: 'Retired',
  recalled: 'Retired',
};

export const PAYLOAD_WORDS: Readonly<Record<string, StatusWord>> = {
  ok: 'Succeeded',
  passed: 'Skipped',
  error: 'Failed',
};

/** What became of a payload at a block below. */
export const FATE_WORDS: Readonly<Record<string, StatusWord>> = {
  'went-on': 'Succeeded',
  picked: 'Succeeded',
  collected: 'Succeeded',
  'not-picked': 'Not selected',
  unmatched: 'Not selected',
  'passed-by': 'Skipped',
  rejected: 'Dropped',
  dropped: 'Dropped',
  kept: 'Partial',
  failed: 'Failed',
  'rounds-exhausted': 'Dropped',
  'not-made': 'Not selected',
  waiting: 'Queued',
  open: 'Running',
  'not-reached': 'Queued',
};

/** The engine has a state that this studio does not know: it is shown as it is called, never as another. */
export function wordFor(words: Readonly<Record<string, StatusWord>>, state: string): StatusWord | undefined {
  return words[state];
}
