import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
} from '@tanstack/react-router';
import { whenServed } from './api/load-part.js';
import { BrokenScreen } from './frame/broken-screen.js';
import { Failure } from './frame/failure.js';
import { Frame } from './frame/frame.js';
import { Nothing, NothingNamed } from './frame/nothing.js';
import {
  EPISODE_WORDS,
  RUN_CHOICES,
  RUN_WORDS,
  TASK_CHOICES,
  TESTS_CHOICES,
  type RunChoice,
  type TaskChoice,
  type TestsChoice,
} from './frame/status.js';
import { Home } from './home/home.js';
import { NoRun } from './run/no-run.js';
import { noteOpened } from './home/opened.js';
import { isObject } from './values/is-object.js';
import { idFault } from './values/kebab-id.js';
import { isUuid } from './values/uuid.js';

/** What an address may say of a screen. Anything else is dropped. */
const RUN_VIEWS = ['blocks', 'lineage', 'timeline', 'results', 'compare'] as const;
const WORKFLOW_VIEWS = ['list', 'canvas', 'yaml', 'runs'] as const;
const DEFINITION_PANELS = ['uses', 'versions', 'publish'] as const;
export const WORKFLOW_PANELS = ['versions', 'starts', 'publish'] as const;
export type WorkflowPanel = (typeof WORKFLOW_PANELS)[number];
export type DefinitionPanel = (typeof DEFINITION_PANELS)[number];
const PROMPT_PANELS = ['json', 'inputs', 'uses', 'versions', 'publish'] as const;
export type RunView = (typeof RUN_VIEWS)[number];
export type PromptPanel = (typeof PROMPT_PANELS)[number];

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);
/** An id that the server makes: whatever else an address has there, nothing is called so. */
const uuid = (value: unknown): string | undefined =>
  typeof value === 'string' && isUuid(value) ? value : undefined;
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const wholeNumber = (value: unknown): number | undefined => {
  const read = number(typeof value === 'string' && value !== '' ? Number(value) : value);
  return read !== undefined && Number.isInteger(read) && read > 0 ? read : undefined;
};
const time = (value: unknown): string | undefined =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;
const record = (value: unknown): Record<string, unknown> | undefined => (isObject(value) ? value : undefined);
/**
 * Its members may be absent. Those that are undefined stay: the router lays what is validated over what the address
 * says, so that a member left out would let the unreadable one through.
 */
const present = <T extends object>(search: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } => search;

/** What narrows a course down, and the episode whose drawer is open. */
const catalogSearch = (given: Record<string, unknown>) =>
  present({
    name: text(given['name']),
    wrapper: text(given['wrapper']),
    level: text(given['level']),
    node: text(given['node']),
    status: oneOf(Object.keys(EPISODE_WORDS), given['status']),
    pipelineStatus: oneOf(Object.keys(RUN_WORDS), given['pipelineStatus']),
    slot: number(given['slot']),
    schemaVersion: number(given['schemaVersion']),
    minViability: number(given['minViability']),
    maxViability: number(given['maxViability']),
    episode: uuid(given['episode']),
  });

/** Of an address whose id nothing can have. */
const onlyIds = ({ params: { id } }: { params: { id: string } }): void => {
  if (idFault(id) !== undefined) notFound({ throw: true });
};

/** A screen that is fetched in a quiet moment, or when it is opened. */
const screen: typeof lazyRouteComponent = (load, name) => lazyRouteComponent(whenServed(load), name);

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => <Nothing title="There is no such screen" why="Nothing is kept at this address." />,
  errorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: Home,
  staticData: { title: () => 'Home' },
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: ({ status, workflow, endedSince, tests }: Record<string, unknown>) =>
    present({
      status: oneOf(Object.keys(RUN_CHOICES) as RunChoice[], status),
      workflow: text(workflow),
      endedSince: endedSince === 'today' ? 'today' : time(endedSince),
      tests: oneOf(Object.keys(TESTS_CHOICES) as TestsChoice[], tests),
    }),
  component: screen(() => import('./runs/runs.js'), 'Runs'),
  staticData: { title: () => 'Runs' },
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$id',
  validateSearch: ({
    view,
    block,
    key,
    with: other,
    find,
    status,
    task,
    from,
    to,
  }: Record<string, unknown>) =>
    present({
      view: oneOf(RUN_VIEWS, view),
      block: text(block),
      key: text(key),
      // Of the comparison.
      with: uuid(other),
      // Of the tasks of a block.
      find: text(find),
      status: oneOf(Object.keys(TASK_CHOICES) as TaskChoice[], status),
      task: uuid(task),
      // Of the timeline: a stretch of it, in milliseconds since 1970.
      from: wholeNumber(from),
      to: wholeNumber(to),
    }),
  beforeLoad: ({ params: { id } }) => {
    if (!isUuid(id)) notFound({ throw: true });
  },
  notFoundComponent: NoRun,
  component: screen(() => import('./run/run.js'), 'Run'),
  staticData: { title: ({ id }) => `Run ${id!.slice(0, 8)}` },
});

const review = createRoute({
  getParentRoute: () => root,
  path: '/review',
  validateSearch: ({ queue, item, beside }: Record<string, unknown>) =>
    present({ queue: oneOf(['mine'], queue), item: uuid(item), beside: uuid(beside) }),
  component: screen(() => import('./review/review.js'), 'Review'),
  staticData: { title: () => 'Review' },
});

const operations = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  validateSearch: ({ letter }: Record<string, unknown>) => present({ letter: uuid(letter) }),
  component: screen(() => import('./operations/operations.js'), 'Operations'),
  staticData: { title: () => 'Operations' },
});

const catalogs = createRoute({
  getParentRoute: () => root,
  path: '/catalog',
  component: screen(() => import('./catalog/catalogs.js'), 'Catalogs'),
  staticData: { title: () => 'Catalog' },
});

const catalog = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$environment/$course',
  validateSearch: catalogSearch,
  component: screen(() => import('./catalog/catalog.js'), 'Catalog'),
  staticData: { title: ({ environment, course }) => `${course} (${environment})` },
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  validateSearch: ({ table, course, add }: Record<string, unknown>) =>
    present({ table: text(table), course: text(course), add: oneOf(['file', 'sheet'], add) }),
  component: screen(() => import('./sources/sources.js'), 'Sources'),
  staticData: { title: () => 'Sources' },
});

const start = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id/start',
  validateSearch: ({ inputs, version, rows }: Record<string, unknown>) =>
    present({
      ...{ inputs: record(inputs), version: version === 'draft' ? ('draft' as const) : wholeNumber(version) },
      rows: oneOf(['list'], rows),
    }),
  beforeLoad: onlyIds,
  notFoundComponent: () => <NothingNamed what="workflow" />,
  component: screen(() => import('./start/start.js'), 'Start'),
  staticData: { title: ({ id }) => `Start ${id}` },
});

const builder = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id',
  validateSearch: ({ view, block, panel }: Record<string, unknown>) =>
    present({
      view: oneOf(WORKFLOW_VIEWS, view),
      block: text(block),
      panel: oneOf(WORKFLOW_PANELS, panel),
    }),
  beforeLoad: onlyIds,
  notFoundComponent: () => <NothingNamed what="workflow" />,
  component: screen(() => import('./builder/builder.js'), 'Builder'),
  staticData: { title: ({ id }) => `Workflow ${id}` },
});

const prompts = createRoute({
  getParentRoute: () => root,
  path: '/prompts',
  component: screen(() => import('./prompts/prompts.js'), 'Prompts'),
  staticData: { title: () => 'Prompts' },
});

const prompt = createRoute({
  getParentRoute: () => root,
  path: '/prompts/$id',
  validateSearch: ({ version, compare, panel, layout, input }: Record<string, unknown>) =>
    present({
      version: wholeNumber(version),
      compare: wholeNumber(compare),
      panel: oneOf(PROMPT_PANELS, panel),
      layout: oneOf(['stacked'], layout),
      // The task whose input it is tried with.
      input: uuid(input),
    }),
  beforeLoad: onlyIds,
  notFoundComponent: () => <NothingNamed what="prompt" />,
  component: screen(() => import('./prompts/prompt.js'), 'Prompt'),
  staticData: { title: ({ id }) => `Prompt ${id}` },
});

const evaluators = createRoute({
  getParentRoute: () => root,
  path: '/evaluators',
  component: screen(() => import('./evaluators/evaluators.js'), 'Evaluators'),
  staticData: { title: () => 'Evaluators' },
});

const definitionSearch = ({ version, compare, panel }: Record<string, unknown>) => ({
  version: wholeNumber(version),
  compare: wholeNumber(compare),
  panel: oneOf(DEFINITION_PANELS, panel),
});

const evaluator = createRoute({
  getParentRoute: () => root,
  path: '/evaluators/$id',
  validateSearch: ({ view, test, passAt, opened, ...search }: Record<string, unknown>) =>
    present({
      ...definitionSearch(search),
      view: oneOf(['agreement'], view),
      test: uuid(test),
      passAt: number(passAt),
      opened: text(opened),
    }),
  beforeLoad: onlyIds,
  notFoundComponent: () => <NothingNamed what="evaluator" />,
  component: screen(() => import('./evaluators/evaluator.js'), 'Evaluator'),
  staticData: { title: ({ id }) => `Evaluator ${id}` },
});

const goldenSet = createRoute({
  getParentRoute: () => root,
  path: '/golden-sets/$id',
  validateSearch: (search: Record<string, unknown>) => present(definitionSearch(search)),
  beforeLoad: onlyIds,
  notFoundComponent: () => <NothingNamed what="golden set" />,
  component: screen(() => import('./evaluators/golden-set.js'), 'GoldenSet'),
  staticData: { title: ({ id }) => `Golden set ${id}` },
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    runs,
    run,
    review,
    catalogs,
    catalog,
    sources,
    operations,
    start,
    builder,
    prompts,
    prompt,
    evaluators,
    evaluator,
    goldenSet,
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultErrorComponent: BrokenScreen,
  defaultPendingComponent: () => <div className="skeleton" />,
  scrollRestoration: true,
});

router.subscribe('onResolved', ({ toLocation }) => noteOpened(toLocation.pathname));

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
