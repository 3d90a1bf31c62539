import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import {
  Suspense,
  type ComponentProps,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { lazyPart } from '../api/load-part.js';
import { blockTypesQuery, runsQuery } from '../api/queries.js';
import type { BlockManifest, WorkflowDraft } from '../api/client.js';
import { Publish } from '../definitions/publish.js';
import { Versions } from '../definitions/versions.js';
import { Failure } from '../frame/failure.js';
import { DraftNotices } from '../draft/draft-notices.js';
import { SavedMark } from '../draft/saved-mark.js';
import { useEditKeys } from '../draft/use-edit-keys.js';
import { useFoundDraft, type FoundDraft } from '../draft/use-draft.js';
import { Drawer } from '../frame/drawer.js';
import { Icon } from '../frame/icons.js';
import { withPart } from '../frame/search.js';
import { useInSight } from '../frame/use-in-sight.js';
import type { WorkflowPanel } from '../routes.js';
import { blockOfFault, faultsByBlock } from './block-faults.js';
import { BlockForm } from './block-form.js';
import { BlockList } from './block-list.js';
import { BlockNames } from './block-names.js';
import { BlockTest } from './block-test.js';
import './builder.css';
import type { Edit, EditedBlock, EditedWorkflow } from './document.js';
import { addedBlock, renamedBlock } from './kept-fields.js';
import { insertName, namedField, type NamedField } from './named-field.js';
import { Palette } from './palette.js';
import { useUnreadBlocks } from './unread-blocks.js';
import { StartsPanel } from './starts-panel.js';
import { useWorkflowDraft, workflowSource, type WorkflowEditing } from './workflow-draft.js';

const Canvas = lazyPart(() => import('./canvas.js'));
const RunsGrid = lazyPart(() => import('../runs/runs-grid.js'));
const YamlEditor = lazyPart(() => import('../draft/yaml-editor.js'));
const route = getRouteApi('/workflows/$id');

/** Opens the editor once there is something to edit: the draft, the latest version, or an empty workflow. */
export function Builder() {
  const { id } = route.useParams();
  const found = useFoundDraft(workflowSource(id));
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" />;
  return <Editor key={id} id={id} found={found.data} />;
}

const NO_BLOCKS: readonly EditedBlock[] = [];

const VIEWS = { list: 'List', canvas: 'Canvas', yaml: 'YAML', runs: 'Runs' } as const;

function Editor({ id, found }: { id: string; found: FoundDraft }) {
  const { view = 'list', block: opened, panel } = route.useSearch();
  const navigate = route.useNavigate();
  const draft = useWorkflowDraft(id, found);
  const types = useQuery(blockTypesQuery);
  const manifests = useMemo(
    () => new Map((types.data ?? []).map(({ manifest }) => [manifest.type, manifest])),
    [types.data],
  );
  const { workflow, edit } = draft;
  const Blocks = view === 'list' ? BlockList : Canvas;
  const [isOrderOpen, setOrderOpen] = useState(false);
  // Of a renamed block the address follows a moment later: the panel stays at its place.
  const renaming = useRef<number>(undefined);
  const open = useCallback(
    (block: string | undefined): void => {
      renaming.current = undefined;
      // The router would scroll the panel of this block to where the one before it was.
      void navigate({ search: (known) => withPart(known, 'block', block), resetScroll: false });
    },
    [navigate],
  );
  const faults = useMemo(() => faultsByBlock(draft.faults), [draft.faults]);
  const show = (next: WorkflowPanel | undefined): void =>
    void navigate({ search: (known) => withPart(known, 'panel', next) });

  const blocks = workflow?.blocks ?? NO_BLOCKS;
  // Hundreds of nodes follow a key when there is time: the field that is typed in waits for none of them.
  const drawn = useDeferredValue(blocks);
  const shown = blocks.findIndex((one) => one.id === opened);
  const isRenaming = renaming.current !== undefined && opened !== undefined;
  const at = isRenaming && shown < 0 && renaming.current! < blocks.length ? renaming.current! : shown;
  useEffect(() => {
    if (shown >= 0) renaming.current = undefined;
  }, [shown]);
  // Wherever the block moves and whatever it is called by now, its panel is the same: folds and a test's outcome stay.
  const panelOf = useRef<{ readonly block?: string | undefined; readonly key: number }>({ key: 0 });
  const shownId = blocks[at]?.id;
  if (shownId !== panelOf.current.block) panelOf.current = { block: shownId, key: panelOf.current.key + 1 };
  const rename = (name: string): void => {
    renaming.current = at;
    renamedBlock(id, blocks[at]!.id, name);
    panelOf.current = { ...panelOf.current, block: name };
    edit({ kind: 'rename-block', at, id: name });
    void navigate({ search: (known) => ({ ...known, block: name }), replace: true, resetScroll: false });
  };
  const add = (block: EditedBlock): void => {
    addedBlock(id, block.id);
    edit({ kind: 'add-block', at: at < 0 ? blocks.length : at + 1, block });
    open(block.id);
  };
  return (
    <>
      <Head id={id} draft={draft} workflow={workflow} edit={edit} show={show} />
      <DraftNotices draft={draft} what="workflow" />
      <div className={panel ? 'with-drawer' : undefined}>
        <div>
          <div className="builder-bar">
            <nav className="tabs" aria-label="Views of the workflow">
              {Object.entries(VIEWS).map(([name, label]) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={view === name}
                  onClick={() =>
                    void navigate({ search: (known) => ({ ...known, view: name as keyof typeof VIEWS }) })
                  }
                >
                  {label}
                </button>
              ))}
            </nav>
            <div className="end">
              <Button variant="subtle" disabled={!draft.canUndo} onClick={draft.undo}>
                Undo
              </Button>
              <Button variant="subtle" disabled={!draft.canRedo} onClick={draft.redo}>
                Redo
              </Button>
            </div>
          </div>
          {'unreadable' in draft.reading && (
            <div className="notice" role="status">
              {draft.reading.line !== undefined && <>Line {draft.reading.line}: </>}
              {draft.reading.unreadable}
            </div>
          )}
          {view === 'runs' ? (
            <Suspense fallback={<div className="skeleton" />}>
              <RunsGrid workflow={id} />
            </Suspense>
          ) : view === 'yaml' ? (
            <Suspense fallback={<div className="skeleton" />}>
              <YamlEditor
                label="The workflow as YAML"
                text={draft.text}
                onChange={(text) => edit({ kind: 'replace', text })}
              />
            </Suspense>
          ) : (
            <>
              {types.error && <Failure error={types.error} onRetry={() => void types.refetch()} />}
              <Palette manifests={manifests} blocks={blocks} onAdd={add} />
              <div className={at >= 0 ? 'with-drawer' : undefined}>
                <Suspense fallback={<div className="skeleton" />}>
                  <Blocks
                    workflow={id}
                    blocks={view === 'list' ? blocks : drawn}
                    manifests={manifests}
                    areTypesRead={types.isSuccess}
                    faults={faults}
                    opened={opened}
                    edit={edit}
                    onOpen={open}
                  />
                </Suspense>
                {at >= 0 && (
                  <BlockPanel
                    key={panelOf.current.key}
                    workflow={id}
                    definition={workflow!.definition}
                    manifests={manifests}
                    blocks={blocks}
                    at={at}
                    manifest={manifests.get(blocks[at]!.type)}
                    isUnannounced={types.isSuccess && !manifests.has(blocks[at]!.type)}
                    faults={draft.faults}
                    edit={edit}
                    onRename={rename}
                    isOrderOpen={isOrderOpen}
                    onOrderOpen={setOrderOpen}
                    onClose={() => open(undefined)}
                  />
                )}
              </div>
            </>
          )}
          {view !== 'runs' && <Problems faults={draft.faults} onOpen={open} />}
        </div>
        {panel && (
          <Drawer key={panel} title={PANELS[panel]} onClose={() => show(undefined)}>
            {panel === 'starts' && <StartsPanel id={id} />}
            {panel === 'publish' && <PublishPanel id={id} draft={draft} />}
            {panel === 'versions' && (
              <Versions
                resource="workflows"
                id={id}
                onRestore={(text) => {
                  edit({ kind: 'replace', text });
                  show(undefined);
                }}
              />
            )}
          </Drawer>
        )}
      </div>
    </>
  );
}

const PANELS: Record<WorkflowPanel, string> = {
  versions: 'Versions',
  starts: 'Schedule and triggers',
  publish: 'Publish version',
};

function PublishPanel({ id, draft }: { id: string; draft: WorkflowEditing }) {
  const [published, setPublished] = useState<number>();
  if (published !== undefined)
    return (
      <div className="inside">
        <p role="status">Version {published} is published.</p>
      </div>
    );
  return <Publish resource="workflows" id={id} draft={draft} onPublished={setPublished} />;
}

function Head({
  id,
  draft,
  workflow,
  edit,
  show,
}: {
  id: string;
  draft: WorkflowEditing;
  workflow: EditedWorkflow | undefined;
  edit: (edit: Edit) => void;
  show: (panel: WorkflowPanel) => void;
}) {
  const { view } = route.useSearch();
  const navigate = route.useNavigate();
  const lastRun = useInfiniteQuery(runsQuery({ workflow: id, limit: 1, tests: 'with' })).data?.pages[0]
    ?.runs[0];
  const run = useMutation({
    mutationFn: async () => {
      if (await draft.saveNow())
        await navigate({ to: '/workflows/$id/start', params: { id }, search: { version: 'draft' } });
    },
  });
  const hasFaults = draft.faults.length > 0;
  const unread = useUnreadBlocks(id, workflow?.blocks ?? NO_BLOCKS);
  const isText = view === 'yaml';
  const go = (): void => {
    if (!hasFaults && !run.isPending) run.mutate();
  };
  useEditKeys({
    ...{ save: () => void draft.saveNow(), undo: draft.undo, redo: draft.redo },
    // In a text, Enter is the text's.
    ...(isText ? {} : { go }),
  });
  return (
    <>
      <div className="head of-builder">
        <h1 className="hidden">Workflow {workflow?.name ?? id}</h1>
        <TextInput
          aria-label="Name of the workflow"
          className="workflow-name"
          value={workflow?.name ?? ''}
          placeholder={id}
          onChange={({ currentTarget }) =>
            edit({ kind: 'set', path: ['name'], value: currentTarget.value || undefined })
          }
        />
        <code className="quiet wide-only">{id}</code>
        <Button variant="default" onClick={() => show('versions')}>
          DRAFT{draft.latest !== null && ` | Version ${draft.latest}`} ▾
          <span className="hidden">, all versions</span>
        </Button>
        <SavedMark draft={draft} unread={unread} />
        <div className="end">
          <Button
            variant="default"
            loading={draft.save.kind === 'saving'}
            onClick={() => void draft.saveNow()}
          >
            SAVE
          </Button>
          <Button loading={run.isPending} disabled={hasFaults} onClick={() => run.mutate()}>
            SAVE AND RUN
          </Button>
          {lastRun && (
            <Link
              className="button-link"
              to="/runs/$id"
              params={{ id: lastRun.id }}
              search={{ view: 'results' }}
            >
              VIEW RESULTS
            </Link>
          )}
          <Button variant="default" onClick={() => show('starts')}>
            SCHEDULE
          </Button>
          <Button variant="default" onClick={() => show('publish')}>
            PUBLISH VERSION
          </Button>
        </div>
      </div>
    </>
  );
}

function BlockPanel({
  workflow,
  definition,
  manifests,
  onClose,
  ...form
}: ComponentProps<typeof BlockForm> & {
  definition: Record<string, unknown>;
  manifests: ReadonlyMap<string, BlockManifest>;
  onClose: () => void;
}) {
  const { blocks, at, manifest } = form;
  const block = blocks[at]!;
  // Into which a name is put: the one that had the focus last.
  const field = useRef<NamedField>(undefined);
  // In a narrow window the panel stands above the list.
  const head = useInSight<HTMLElement>(true);
  return (
    <aside
      className="drawer"
      aria-label={`Settings of ${block.id}`}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <header ref={head}>
        <h2>{block.id}</h2>
        <span className="quiet">{manifest?.title ?? block.type}</span>
        <button type="button" className="icon end" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="inside" onFocus={({ target }) => (field.current = namedField(target) ?? field.current)}>
        <BlockForm {...form} workflow={workflow} />
      </div>
      <BlockNames
        {...{ workflow, blocks, at, manifests, definition }}
        onInsert={(path) => insertName(field.current, path)}
      />
      <BlockTest {...{ workflow, blocks, at, definition }} faults={form.faults} />
    </aside>
  );
}

function Problems({ faults, onOpen }: { faults: WorkflowDraft['errors']; onOpen: (block: string) => void }) {
  if (faults.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="problems">
      <header>
        <h2 id="problems">Problems ({faults.length})</h2>
        <span className="quiet">A draft may have them; what runs or is published may not.</span>
      </header>
      <ul className="problems">
        {faults.map(({ field, message }, n) => {
          const block = blockOfFault(field);
          return (
            <li key={n}>
              {block === undefined ? (
                <code>{field}</code>
              ) : (
                <button type="button" className="plain" onClick={() => onOpen(block)}>
                  {field.replace('blocks.', '')}
                </button>
              )}{' '}
              {message}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
