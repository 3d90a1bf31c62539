import { BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';
import { TASK_STATUSES } from './runs.dto.js';

/** What the operations answer, as it arrives. */
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Values = Type.Record(Type.String(), Type.Unknown());
const Next = Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last' }));

const awaitsReview = Type.Boolean({
  description: 'It is running, and all that it waits for are decisions of people',
});
const testOf = Nullable(
  Type.Enum(
    { block: 'block', draft: 'draft' },
    { description: 'It only tries something out: a block by itself, or what is not published' },
  ),
);
const runFields = {
  id: Type.String({ format: 'uuid' }),
  workflow: Type.String(),
  version: Type.Integer(),
  published: Type.Boolean({
    description: 'false: the version is a draft as it was then, which GET /api/workflows/:id/versions lacks',
  }),
  status: Type.String({
    description: 'queued, running, paused, stopping; at the end completed, partial, failed, cancelled',
  }),
  awaitsReview,
  testOf,
  reason: Nullable(Type.String()),
  inputs: Values,
  createdAt: Time,
  endedAt: Nullable(Time),
};
export const RunSummary = Type.Object(runFields, { title: 'RunSummary' });

const blockFields = {
  block: Type.String(),
  openWork: Type.Integer(),
  tasks: Type.Integer(),
  done: Type.Integer(),
  failed: Type.Integer(),
  skipped: Type.Integer(),
  unmatched: Type.Integer(),
  good: Type.Integer({ description: 'Payloads that may go on' }),
  payloads: Type.Integer(),
  ready: Type.Integer(),
  requested: Type.Integer(),
  cost: Type.Number({ description: 'US dollars, of what has a price' }),
  unpriced: Type.Integer({ description: 'Calls without a known price' }),
  closed: Type.Boolean({ description: 'Nothing more comes to this block' }),
};
export const RunBlock = Type.Object({ ...blockFields, type: Type.String() }, { title: 'RunBlock' });
const Spent = Type.Object(
  { cost: blockFields.cost, unpriced: blockFields.unpriced },
  { description: 'By the whole run' },
);
export const RunDetail = Type.Object(
  {
    ...runFields,
    rerunOf: Nullable(Type.String({ format: 'uuid', description: 'The run that it is the rerun of' })),
    edited: Type.Array(Type.Object({ block: Type.String(), key: Type.String() }), {
      description: 'Whose results a person has corrected for this rerun',
    }),
    spent: Spent,
    references: Type.Array(
      Type.Object({
        block: Type.String(),
        kind: Type.String(),
        reference: Type.String({ description: 'title@3' }),
      }),
      { description: 'The versions that it is bound to, whatever is published meanwhile' },
    ),
    blocks: Type.Array(RunBlock),
  },
  { title: 'RunDetail' },
);
export const WorkflowRuns = Type.Object({
  runs: Type.Array(Type.Object({ ...runFields, blocks: Type.Array(RunBlock) }, { title: 'WorkflowRun' })),
});
export const MatchingRuns = Type.Object(
  {
    runs: Type.Array(Type.Object({ id: Type.String({ format: 'uuid' }), status: Type.String() }), {
      description: 'The newest 10,000',
    }),
    more: Type.Boolean({ description: 'More match than these' }),
  },
  { title: 'MatchingRuns' },
);
export const CommandedRuns = Type.Object(
  {
    at: Type.String({
      format: 'date-time',
      description: 'Before the first of them was given: what ended since then, ended after its command',
    }),
    done: Type.Array(Type.String({ format: 'uuid' })),
    refused: Type.Array(
      Type.Object({ run: Type.String({ format: 'uuid' }), code: Type.String(), message: Type.String() }),
    ),
  },
  { title: 'CommandedRuns' },
);
export const RunPage = Type.Object({ runs: Type.Array(RunSummary), next: Next });

/** What an event stream tells of a run: never the answer of an operation, yet part of the contract. */
export const RunUpdate = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    status: Type.String(),
    awaitsReview,
    reason: Nullable(Type.String()),
    ended: Type.Boolean(),
    spent: Spent,
    blocks: Type.Array(Type.Object(blockFields)),
  },
  { title: 'RunUpdate' },
);

/** What an event stream tells of the catalog. */
export const CatalogUpdate = Type.Object(
  { courses: Type.Array(Type.Object({ environment: Type.String(), course: Type.String() })) },
  { title: 'CatalogUpdate' },
);

export const RunCounts = Type.Object(
  {
    active: Type.Integer({ description: 'queued, running, paused, stopping: at any age' }),
    completed: Type.Integer(),
    partial: Type.Integer(),
    failed: Type.Integer(),
    cancelled: Type.Integer(),
    reviews: Type.Integer({ description: 'Reviews that wait for a decision' }),
  },
  { title: 'RunCounts' },
);

export const RunTask = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    block: Type.String(),
    key: Type.String(),
    sample: Type.Integer(),
    status: Type.String({ description: TASK_STATUSES.join(', ') }),
    attempt: Type.Integer(),
    error: Type.Unknown({ description: 'Of the last attempt: code and message; null if there was none' }),
    begunAt: Nullable(Time),
    endedAt: Nullable(Time),
    makes: Type.String({ description: 'The key of its payload; of a list, what the keys start with' }),
    score: Nullable(Type.Number({ description: 'Of its result, where that has one' })),
    paid: Type.Object(
      {
        amount: Type.Number({ description: 'US dollars, of what has a price' }),
        unpriced: Type.Integer({ description: 'Calls without a known price' }),
      },
      { description: 'By all its attempts; what was taken over costs nothing anew' },
    ),
  },
  { title: 'RunTask' },
);
export const RunTasks = Type.Object({ tasks: Type.Array(RunTask), next: Next });

export const RunResults = Type.Object(
  {
    block: Type.String(),
    payloads: Type.Array(
      Type.Object(
        { key: Type.String(), state: Type.String(), blockResults: Values },
        { title: 'RunPayload' },
      ),
    ),
    next: Next,
  },
  { title: 'RunResults' },
);

const ComparedState = Nullable(Type.String({ description: 'null: nothing came out under this key' }));
const ComparedScore = Nullable(Type.Number({ description: 'Of a result that has a score' }));
export const RunComparison = Type.Object(
  {
    block: Type.String(),
    blocks: Type.Array(Type.String(), { description: 'That both runs have' }),
    spent: Spent,
    otherSpent: Spent,
    payloads: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          state: ComparedState,
          otherState: ComparedState,
          same: Type.Boolean({ description: 'Both came out, and hold the same' }),
          score: ComparedScore,
          otherScore: ComparedScore,
        },
        { title: 'ComparedPayload' },
      ),
    ),
    next: Next,
  },
  { title: 'RunComparison' },
);

export const RunTimeline = Type.Object(
  {
    from: Time,
    to: Type.String({ format: 'date-time', description: 'Its end; now, while it goes on' }),
    blocks: Type.Array(
      Type.Object({
        block: Type.String(),
        tasks: Type.Integer(),
        from: Time,
        to: Time,
        queuedMs: Type.Number({ description: 'Sum over its tasks: asked for and not begun' }),
        workedMs: Type.Number({ description: 'Sum over its tasks: begun and not ended' }),
      }),
    ),
    tasks: Type.Array(
      Type.Object(
        {
          task: Type.String({ format: 'uuid' }),
          block: Type.String(),
          key: Type.String(),
          sample: Type.Integer(),
          status: Type.String({ description: TASK_STATUSES.join(', ') }),
          attempt: Type.Integer(),
          requestedAt: Type.String({ format: 'date-time', description: 'Of the last attempt' }),
          begunAt: Nullable(Time),
          endedAt: Nullable(Time),
        },
        { title: 'TaskTime' },
      ),
    ),
    busy: Type.Array(Type.Object({ from: Time, to: Time }), {
      description: 'When any task was asked for or worked on; between them the run idled',
    }),
  },
  { title: 'RunTimeline' },
);

export const RunHistory = Type.Object(
  {
    transitions: Type.Array(
      Type.Object(
        {
          at: Time,
          what: Type.String({
            description:
              'Of the run: started, paused, resumed, cancelled, stopping, retried, ended. Of a group: group-fired. Of a task: made, requested, begun, succeeded, failed, held, backed-off, lost, ignored, reused, gave-up, dropped, kept, expired, review-asked, review-decided',
          }),
          block: Type.String({ description: 'Empty: of the run itself' }),
          key: Type.String(),
          task: Nullable(Type.String({ format: 'uuid' })),
          sample: Nullable(Type.Integer()),
          attempt: Nullable(Type.Integer()),
          worker: Nullable(Type.String({ description: 'The process, or the person who decided' })),
          cause: Nullable(Values),
        },
        { title: 'RunTransition' },
      ),
    ),
    next: Next,
  },
  { title: 'RunHistory' },
);

export const TaskInput = Type.Object(
  {
    task: Type.String({ format: 'uuid' }),
    run: Type.String({ format: 'uuid' }),
    block: Type.String(),
    type: Type.String(),
    sample: Type.Integer(),
    with: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The configuration: templates resolved, references as the run pinned them',
    }),
    payload: Type.Object({ key: Type.String(), blockResults: Values }),
    inputs: Type.Record(Type.String(), Type.Unknown(), { description: 'Of the run' }),
    variables: Type.Record(Type.String(), Type.Unknown(), { description: 'Of the workflow' }),
  },
  { title: 'TaskInput' },
);

const attempts = Type.Array(
  Type.Object({
    attempt: Type.Integer(),
    outcome: Type.String({ description: 'completed, failed, lost' }),
    settled: Type.Boolean({ description: 'false: it came too late and changed nothing' }),
    worker: Nullable(Type.String()),
    requestedAt: Nullable(Time),
    begunAt: Nullable(Time),
    at: Time,
    error: Type.Unknown(),
  }),
);
export const TaskDetail = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    run: Type.String({ format: 'uuid' }),
    block: Type.String(),
    key: Type.String(),
    sample: Type.Integer(),
    status: Type.String({ description: TASK_STATUSES.join(', ') }),
    error: Type.Unknown({ description: 'Of the last attempt: code and message; null if there was none' }),
    remedy: Nullable(Type.String({ description: 'What to do about its error' })),
    traceId: Nullable(
      Type.String({ description: 'Of the trace that its run is part of; null: nothing traces it' }),
    ),
    attempts,
  },
  { title: 'TaskDetail' },
);

const taskOfLineage = Type.Object({ id: Type.String(), sample: Type.Integer(), status: Type.String() });
export const PayloadLineage = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    block: Type.String(),
    key: Type.String(),
    exists: Type.Boolean({ description: 'false: `became` says where its way ended' }),
    samples: Type.Array(
      Type.Object({
        block: Type.String(),
        key: Type.String(),
        sample: Type.Integer(),
        status: Type.String({ description: 'Of its task' }),
      }),
      { description: 'It and its other samples, of the last block on its way that makes several' },
    ),
    way: Type.Array(
      Type.Object({
        block: Type.String(),
        type: Type.String(),
        key: Type.String(),
        state: Type.String({ description: 'ok, passed, error' }),
        value: Type.Unknown(),
        ref: Type.Unknown({ description: 'A pointer to the object store instead of the value' }),
        editable: Type.Boolean({ description: 'Whether a rerun may take it over corrected' }),
        task: Nullable(
          Type.Object({
            id: Type.String({ format: 'uuid' }),
            key: Type.String(),
            sample: Type.Integer(),
            status: Type.String(),
            attempts,
            reusedFrom: Nullable(Type.String({ description: 'The task of an earlier run' })),
            input: Type.Object({
              with: Type.Unknown(),
              payloads: Nullable(Type.Integer({ description: 'Of its list: GET /api/tasks/:id/payloads' })),
            }),
            paid: Type.Object({ amount: Type.Number(), unpriced: Type.Integer() }),
          }),
        ),
      }),
    ),
    became: Type.Array(
      Type.Object({
        block: Type.String(),
        what: Type.String({
          description:
            'went-on, picked, collected; not-picked, unmatched, passed-by, rejected, dropped, kept, failed, rounds-exhausted, not-made; waiting, open, not-reached',
        }),
        why: Values,
        tasks: Type.Array(taskOfLineage),
      }),
    ),
  },
  { title: 'PayloadLineage' },
);

export const RerunForecast = Type.Object(
  {
    blocks: Type.Array(
      Type.Object({
        block: Type.String(),
        anew: Type.Integer({ description: 'Tasks asked for again' }),
        reused: Type.Integer({ description: 'Tasks taken over' }),
        byInput: Type.Integer({ description: 'Tasks asked for again if their input comes out otherwise' }),
        cost: Type.Object(
          { anew: Nullable(Type.Number()), byInput: Nullable(Type.Number()) },
          { description: 'US dollars, at the prices of the run before; null: not known' },
        ),
      }),
    ),
    stops: Nullable(Type.String({ description: 'Why the run would stop by itself' })),
  },
  { title: 'RerunForecast' },
);

export const WorkflowSummary = Type.Object(
  {
    id: Type.String(),
    name: Nullable(Type.String()),
    latest: Nullable(Type.Integer({ description: 'null: only a draft so far' })),
    publishedAt: Nullable(Time),
    draft: Nullable(Type.Object({ revision: Type.Integer(), by: Type.String(), at: Type.String() })),
    lastRun: Nullable(
      Type.Object(
        {
          id: Type.String({ format: 'uuid' }),
          status: Type.String(),
          awaitsReview,
          testOf,
          createdAt: Type.String(),
        },
        { description: 'One that is no test, where there is one; null: it never ran' },
      ),
    ),
    nextRunAt: Nullable(
      Type.String({ format: 'date-time', description: 'By its schedules; null: none is on' }),
    ),
  },
  { title: 'WorkflowSummary' },
);
export const WorkflowList = Type.Object({ workflows: Type.Array(WorkflowSummary) });
const yamlText = Nullable(
  Type.String({ description: 'As somebody wrote it, with comments and anchors; null: nobody did' }),
);
export const WorkflowVersion = Type.Object(
  {
    workflow: Type.String(),
    version: Type.Integer(),
    definition: Type.Unknown({ description: 'The document of `kind: workflow`' }),
    yaml: yamlText,
  },
  { title: 'WorkflowVersion' },
);
export const WorkflowUses = Type.Object(
  {
    workflows: Type.Array(
      Type.Object({
        workflow: Type.String(),
        version: Nullable(Type.Integer({ description: 'The latest; null: the draft' })),
        blocks: Type.Array(Type.Object({ block: Type.String(), reference: Type.String() })),
      }),
      { description: 'Those with a block that runs it' },
    ),
    schedules: Type.Array(
      Type.Object({
        schedule: Type.String(),
        reference: Type.String({ description: 'As it names it: id or id@7' }),
        paused: Type.Boolean(),
        nextAt: Nullable(Time),
      }),
    ),
    triggers: Type.Array(
      Type.Object({
        trigger: Type.String(),
        reference: Type.String(),
        paused: Type.Boolean(),
        type: Type.String({ description: 'Of the event' }),
      }),
    ),
    batches: Type.Array(
      Type.Object({
        batch: Type.String({ format: 'uuid' }),
        name: Nullable(Type.String()),
        version: Type.Integer(),
        status: Type.String(),
      }),
      { description: 'That have not ended' },
    ),
    runs: Type.Array(Type.Object({ version: Type.Integer(), runs: Type.Integer() }), {
      description: 'That have not ended, by the version that they are bound to',
    }),
  },
  { title: 'WorkflowUses' },
);
export const VersionList = Type.Object(
  {
    versions: Type.Array(
      Type.Object({
        version: Type.Integer(),
        published: Type.Boolean({ description: 'false: a draft that ran, kept for its runs' }),
        revision: Nullable(Type.Integer({ description: 'Of the draft that it was' })),
        author: Nullable(Type.String()),
        note: Nullable(Type.String()),
        at: Time,
      }),
    ),
  },
  { title: 'WorkflowVersions' },
);
const faults = Type.Array(
  Type.Object({
    code: Type.String(),
    field: Type.String({ description: 'Such as blocks.script.with.prompt' }),
    message: Type.String(),
  }),
);
export const DefinitionFaults = Type.Object({ errors: faults }, { title: 'DefinitionFaults' });
export const WorkflowDraft = Type.Object(
  {
    workflow: Type.String(),
    revision: Type.Integer({ description: 'Its ETag, in quotation marks' }),
    definition: Values,
    yaml: yamlText,
    by: Type.String(),
    at: Time,
    latest: Nullable(Type.Integer({ description: 'The version that is published now' })),
    errors: faults,
  },
  { title: 'WorkflowDraft' },
);
export const EditorList = Type.Object(
  {
    place: Type.String({ description: 'Such as prompts/title' }),
    editors: Type.Array(
      Type.Object({
        tab: Type.String({ format: 'uuid', description: 'Of a browser: one person may have several' }),
        by: Type.String(),
        at: Type.String({ format: 'date-time', description: 'Of the last word of it' }),
      }),
    ),
  },
  { title: 'Editors' },
);
export const WorkflowRevision = Type.Object(
  {
    revision: Type.Integer(),
    by: Type.String(),
    at: Time,
    version: Nullable(Type.Integer({ description: 'What it was published as' })),
    definition: Values,
    yaml: yamlText,
  },
  { title: 'WorkflowRevision' },
);
export const PublishedVersion = Type.Object(
  {
    workflow: Type.String(),
    version: Type.Integer(),
    created: Type.Boolean({ description: 'false: this content was the latest version already' }),
  },
  { title: 'PublishedWorkflow' },
);

export const BlockTypeWork = Type.Object(
  {
    since: Time,
    types: Type.Array(
      Type.Object(
        {
          type: Type.String(),
          service: Type.String({ description: 'Empty: no service announces it any more' }),
          ready: Type.Integer({ description: "Tasks that wait for their block's concurrency" }),
          requested: Type.Integer({ description: 'Out at the service: its queue, and what it works on' }),
          held: Type.Integer({ description: 'Wait for a back-off, or for an expression' }),
          oldestSeen: Nullable(
            Type.Object(
              {
                run: Type.String({ format: 'uuid' }),
                workflow: Type.String(),
                block: Type.String(),
                task: Type.String({ format: 'uuid' }),
                requestedAt: Time,
              },
              {
                description:
                  'Of the requested, the one that is out longest, as far as is looked: over the 500 open blocks whose runs began first',
              },
            ),
          ),
          done: Type.Integer({ description: 'Of runs that began since' }),
          failed: Type.Integer({ description: 'Likewise; dropped and kept ones included' }),
          failureRate: Nullable(Type.Number({ description: 'Of what ended; null: nothing did' })),
          lastFailure: Nullable(
            Type.Object({ run: Type.String(), workflow: Type.String(), block: Type.String() }),
          ),
        },
        { title: 'TypeWork' },
      ),
    ),
  },
  { title: 'BlockTypeWork' },
);

export const BlockTypes = Type.Object(
  {
    blockTypes: Type.Array(
      Type.Object(
        { service: Type.String(), manifest: Type.Unsafe<unknown>(BlockManifest), registeredAt: Time },
        { title: 'BlockType' },
      ),
    ),
  },
  { title: 'BlockTypes' },
);

const reviewFields = {
  task: Type.String({ format: 'uuid' }),
  run: Type.String({ format: 'uuid' }),
  block: Type.String(),
  key: Type.String(),
  attempt: Type.Integer(),
  title: Nullable(Type.String()),
  assignees: Type.Array(Type.String()),
  edits: Nullable(Type.String({ description: 'The block whose result may be edited' })),
  payload: Values,
  status: Type.String({ description: 'open, approved, rejected, expired' }),
  dueAt: Nullable(Time),
  createdAt: Time,
  decision: Nullable(Values),
  undoableUntil: Nullable(Type.String({ description: 'Of a decision that may still be taken back' })),
  claimedBy: Nullable(Type.String({ description: 'Until claimedUntil nobody else decides' })),
  claimedUntil: Nullable(Time),
};
export const Review = Type.Object(reviewFields, { title: 'Review' });
export const ReviewList = Type.Object({ reviews: Type.Array(Review) });
export const ReviewQueue = Type.Object({
  total: Type.Integer({ description: 'How many wait, on all pages' }),
  reviews: Type.Array(
    Type.Object(
      {
        task: Type.String({ format: 'uuid' }),
        run: Type.String({ format: 'uuid' }),
        workflow: Type.String(),
        block: Type.String(),
        key: Type.String(),
        title: Nullable(Type.String()),
        assignees: Type.Array(Type.String(), { description: 'Who may decide; none: everybody' }),
        createdAt: Time,
        dueAt: Nullable(Type.String({ format: 'date-time' })),
        claimedBy: Nullable(Type.String()),
        claimedUntil: Nullable(Type.String({ format: 'date-time' })),
      },
      { title: 'WaitingReview' },
    ),
  ),
  next: Next,
});

const letterFields = {
  id: Type.String({ format: 'uuid' }),
  topic: Type.String(),
  group: Type.String({ description: 'Who could not handle it' }),
  partition: Type.Optional(Type.Integer({ description: 'Where it lay in its topic, on Kafka' })),
  offset: Type.Optional(Type.Integer()),
  errorCode: Type.String(),
  errorMessage: Type.String(),
  attempts: Type.Integer(),
  parkedAt: Time,
};
export const DeadLetter = Type.Object(letterFields, { title: 'DeadLetter' });
export const Redriven = Type.Object(
  {
    redriven: Type.Array(Type.String({ format: 'uuid' })),
    refused: Type.Array(
      Type.Object({ id: Type.String({ format: 'uuid' }), code: Type.String(), message: Type.String() }),
    ),
  },
  { title: 'Redriven' },
);
export const DeadLetterPage = Type.Object({ deadLetters: Type.Array(DeadLetter), next: Next });
export const DeadLetterEnvelope = Type.Object(
  {
    ...letterFields,
    key: Type.String(),
    headers: Type.Record(Type.String(), Type.String()),
    body: Type.String(),
    encoding: Type.String({ description: 'utf-8 or base64: of the body' }),
    omittedBytes: Type.Optional(Type.Integer({ description: 'The body was too large to be kept' })),
  },
  { title: 'DeadLetterEnvelope' },
);

const Range = Type.Object(
  { p50: Type.Number(), p90: Type.Number() },
  { title: 'Range', description: 'Of past runs half had at most p50, nine of ten at most p90' },
);
export const Rehearsal = Type.Object(
  {
    rows: Type.Object({
      total: Type.Integer(),
      toRun: Type.Integer({ description: 'The others were done before and cost nothing' }),
    }),
    pastRuns: Type.Integer({ description: 'How many it is taken from' }),
    blocks: Type.Array(
      Type.Object({
        block: Type.String(),
        type: Type.String(),
        tasks: Nullable(Range),
        cost: Nullable(Range),
        references: Type.Array(Type.Object({ kind: Type.String(), reference: Type.String() }), {
          description: 'Prompts, evaluators and others at the versions that a run would be bound to',
        }),
      }),
      { description: 'Of one run; null: not known' },
    ),
    total: Type.Object(
      { cost: Nullable(Range), durationMs: Nullable(Range) },
      { description: 'Cost of all rows that would run together; time of one run' },
    ),
  },
  { title: 'Rehearsal' },
);

export const Schedule = Type.Object(
  {
    id: Type.String(),
    workflow: Type.String({ description: 'The latest version of duoradio, or duoradio@3' }),
    inputs: Values,
    cron: Type.String(),
    timeZone: Type.String({ description: 'IANA name' }),
    missed: Type.Union([Type.Literal('skip'), Type.Literal('run')]),
    paused: Type.Boolean(),
    nextAt: Nullable(Time),
    upcoming: Type.Array(Time, { description: 'The next times; none while it is paused' }),
    lastAt: Nullable(Time),
    lastRun: Nullable(Type.String({ format: 'uuid' })),
    error: Nullable(Type.String({ description: 'Why the last time started nothing' })),
  },
  { title: 'Schedule' },
);
export const ScheduleList = Type.Object({ schedules: Type.Array(Schedule) });
export const ScheduleTimes = Type.Object({ times: Type.Array(Time) });

export const Trigger = Type.Object(
  {
    id: Type.String(),
    topic: Type.String(),
    type: Type.String(),
    source: Nullable(Type.String()),
    when: Nullable(Type.String()),
    workflow: Type.String(),
    inputs: Values,
    paused: Type.Boolean(),
  },
  { title: 'Trigger' },
);
export const TriggerList = Type.Object({ triggers: Type.Array(Trigger) });

export const Batch = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Nullable(Type.String()),
    workflow: Type.String(),
    version: Type.Integer(),
    status: Type.String({ description: 'running, paused, stopping, completed, partial, cancelled' }),
    reason: Nullable(Type.String()),
    concurrency: Type.Integer(),
    maxCost: Nullable(Type.Number()),
    existing: Type.String(),
    source: Type.Unknown({ description: 'Where the list was read; null: it was sent' }),
    createdAt: Time,
    endedAt: Nullable(Time),
    items: Type.Object({
      total: Type.Integer(),
      waiting: Type.Integer(),
      running: Type.Integer(),
      completed: Type.Integer(),
      partial: Type.Integer(),
      failed: Type.Integer(),
      cancelled: Type.Integer(),
      skipped: Type.Integer(),
    }),
    cost: Type.Number({ description: 'US dollars so far' }),
  },
  { title: 'Batch' },
);
export const BatchPage = Type.Object({ batches: Type.Array(Batch), next: Next });
