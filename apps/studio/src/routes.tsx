import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Link } from '@tanstack/react-router';
import { Failure } from './frame/failure.js';
import { Frame } from './frame/frame.js';
import { EPISODE_WORDS, RUN_WORDS } from './frame/status.js';
import { Home } from './home/home.js';

/** What an address may say of a screen. Anything else is dropped. */
const RUN_VIEWS = ['blocks', 'lineage', 'timeline', 'results', 'compare'] as const;
const WORKFLOW_VIEWS = ['list', 'canvas', 'yaml'] as const;
const DEFINITION_PANELS = ['uses', 'versions', 'publish'] as const;
export type DefinitionPanel = (typeof DEFINITION_PANELS)[number];
const PROMPT_PANELS = ['json', 'inputs', 'uses', 'versions', 'publish'] as const;
export type RunView = (typeof RUN_VIEWS)[number];
export type PromptPanel = (typeof PROMPT_PANELS)[number];

const text = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const wholeNumber = (value: unknown): number | undefined => {
  const read = number(typeof value === 'string' && value !== '' ? Number(value) : value);
  return read !== undefined && Number.isInteger(read) && read > 0 ? read : undefined;
};
const record = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
const present = <T extends object>(search: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never;

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
    episode: text(given['episode']),
  });

const root = createRootRoute({
  component: Frame,
  notFoundComponent: () => (
    <div className="panel">
      <p className="empty">
        There is no such screen. <Link to="/">To Home</Link>
      </p>
    </div>
  ),
  errorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
});

const home = createRoute({ getParentRoute: () => root, path: '/', component: Home });

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: ({ status, workflow }: Record<string, unknown>) =>
    present({ status: oneOf(Object.keys(RUN_WORDS), status), workflow: text(workflow) }),
  component: lazyRouteComponent(() => import('./runs/runs.js'), 'Runs'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$id',
  validateSearch: ({ view, block, key, with: other }: Record<string, unknown>) =>
    present({
      view: oneOf(RUN_VIEWS, view),
      block: text(block),
      key: text(key),
      // Of the comparison.
      with: text(other),
    }),
  component: lazyRouteComponent(() => import('./run/run.js'), 'Run'),
});

const review = createRoute({
  getParentRoute: () => root,
  path: '/review',
  validateSearch: ({ item, beside }: Record<string, unknown>) =>
    present({ item: text(item), beside: text(beside) }),
  component: lazyRouteComponent(() => import('./review/review.js'), 'Review'),
});

const operations = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  validateSearch: ({ letter }: Record<string, unknown>) => present({ letter: text(letter) }),
  component: lazyRouteComponent(() => import('./operations/operations.js'), 'Operations'),
});

const catalogs = createRoute({
  getParentRoute: () => root,
  path: '/catalog',
  component: lazyRouteComponent(() => import('./catalog/catalogs.js'), 'Catalogs'),
});

const catalog = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$environment/$course',
  validateSearch: catalogSearch,
  component: lazyRouteComponent(() => import('./catalog/catalog.js'), 'Catalog'),
});

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  validateSearch: ({ table, course, add }: Record<string, unknown>) =>
    present({ table: text(table), course: text(course), add: oneOf(['file', 'sheet'], add) }),
  component: lazyRouteComponent(() => import('./sources/sources.js'), 'Sources'),
});

const start = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id/start',
  validateSearch: ({ inputs, version, rows }: Record<string, unknown>) =>
    present({
      ...{ inputs: record(inputs), version: oneOf(['draft'], version) },
      rows: oneOf(['list'], rows),
    }),
  component: lazyRouteComponent(() => import('./start/start.js'), 'Start'),
});

const builder = createRoute({
  getParentRoute: () => root,
  path: '/workflows/$id',
  validateSearch: ({ view, block }: Record<string, unknown>) =>
    present({ view: oneOf(WORKFLOW_VIEWS, view), block: text(block) }),
  component: lazyRouteComponent(() => import('./builder/builder.js'), 'Builder'),
});

const prompts = createRoute({
  getParentRoute: () => root,
  path: '/prompts',
  component: lazyRouteComponent(() => import('./prompts/prompts.js'), 'Prompts'),
});

const prompt = createRoute({
  getParentRoute: () => root,
  path: '/prompts/$id',
  validateSearch: ({ version, compare, panel, layout }: Record<string, unknown>) =>
    present({
      version: wholeNumber(version),
      compare: wholeNumber(compare),
      panel: oneOf(PROMPT_PANELS, panel),
      layout: oneOf(['stacked'], layout),
    }),
  component: lazyRouteComponent(() => import('./prompts/prompt.js'), 'Prompt'),
});

const evaluators = createRoute({
  getParentRoute: () => root,
  path: '/evaluators',
  component: lazyRouteComponent(() => import('./evaluators/evaluators.js'), 'Evaluators'),
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
      test: text(test),
      passAt: number(passAt),
      opened: text(opened),
    }),
  component: lazyRouteComponent(() => import('./evaluators/evaluator.js'), 'Evaluator'),
});

const goldenSet = createRoute({
  getParentRoute: () => root,
  path: '/golden-sets/$id',
  validateSearch: (search: Record<string, unknown>) => present(definitionSearch(search)),
  component: lazyRouteComponent(() => import('./evaluators/golden-set.js'), 'GoldenSet'),
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
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
