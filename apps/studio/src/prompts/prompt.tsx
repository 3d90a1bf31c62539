import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { isMissing } from '../api/problem.js';
import { definitionSource, usesQuery, versionQuery } from '../definitions/definition-queries.js';
import { Compared } from '../definitions/compared.js';
import { Publish } from '../definitions/publish.js';
import { Versions } from '../definitions/versions.js';
import { WhereUsed } from '../definitions/where-used.js';
import { DraftNotices } from '../draft/draft-notices.js';
import { SavedMark } from '../draft/saved-mark.js';
import { useDraft, useFoundDraft, type DraftEditing, type FoundDraft } from '../draft/use-draft.js';
import { useEditKeys } from '../draft/use-edit-keys.js';
import { editYaml, type YamlEdit } from '../draft/yaml-edits.js';
import { CopyButton } from '../frame/copy-button.js';
import { Drawer } from '../frame/drawer.js';
import { Failure } from '../frame/failure.js';
import { Icon } from '../frame/icons.js';
import { NoVersion } from '../frame/nothing.js';
import { NumberField } from '../frame/number-field.js';
import { withPart } from '../frame/search.js';
import { readNumber } from '../frame/typed-number.js';
import type { PromptPanel } from '../routes.js';
import { ChatPane } from './chat.js';
import { Impact } from './impact.js';
import { InputVariables } from './input-variables.js';
import { ModelForm } from './model-form.js';
import { OutputForm } from './output-form.js';
import { PastInputs } from './past-inputs.js';
import { useKnownPaths } from './past-scope.js';
import { FilledFrom } from './filled-from.js';
import { emptyPrompt, readPrompt, renameVariable, type EditedPrompt } from './prompt-document.js';
import './prompts.css';
import { SentJson, usePreview, type Question } from './sent-json.js';
import { StepList } from './step-list.js';
import { useTriedInputs } from './tried-inputs.js';
import { useChat } from './use-chat.js';
import { useCheck } from './use-check.js';
import { emptyValue, isEmptyValue, valuesOf, valuesToSend, variablesToFill } from './variables.js';

const route = getRouteApi('/prompts/$id');
const REST_MS = 400;
const SAMPLES = { isWhole: true, minimum: 1, maximum: 20 };

/** Opens the editor once there is something to edit: the draft, the latest version, or an empty prompt. */
export function Prompt() {
  const { id } = route.useParams();
  const found = useFoundDraft(sourceOf(id));
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" />;
  return <Editor key={id} id={id} found={found.data} />;
}

const sourceOf = (id: string) => definitionSource('prompts', id, emptyPrompt(id));

function Editor({ id, found }: { id: string; found: FoundDraft }) {
  const source = useMemo(() => sourceOf(id), [id]);
  const draft = useDraft(source, found);
  const { version } = route.useSearch();
  const opened = useQuery({
    ...versionQuery('prompts', id, String(version)),
    enabled: version !== undefined,
  });
  const text = version === undefined ? draft.text : opened.data?.yaml;
  const prompt = useMemo(() => (text === undefined ? undefined : readPrompt(text)), [text]);
  if (version !== undefined && isMissing(opened.error))
    return (
      <NoVersion of="prompt" {...{ id, version }}>
        <Link to="/prompts/$id" params={{ id }} search={{}}>
          To the draft
        </Link>
      </NoVersion>
    );
  if (version !== undefined && opened.error)
    return (
      <>
        <h1>{id}</h1>
        <Failure error={opened.error} onRetry={() => void opened.refetch()} />
        <Link to="/prompts/$id" params={{ id }} search={{}}>
          To the draft
        </Link>
      </>
    );
  if (!prompt) return <div className="skeleton" />;
  return <Desk id={id} draft={draft} prompt={prompt} />;
}

/** Template and inputs side by side, what it answers below, details in a drawer. */
function Desk({ id, draft, prompt }: { id: string; draft: DraftEditing; prompt: EditedPrompt }) {
  const { version, compare, panel, layout, input } = route.useSearch();
  const navigate = route.useNavigate();
  const isVersion = version !== undefined;
  const inputs = useTriedInputs(id);
  const { forgetFrom } = inputs;
  // Only then: while the address names a task, what is of no task is filled with its input.
  useEffect(() => {
    if (input === undefined) forgetFrom();
  }, [input, forgetFrom]);
  const chat = useChat();
  const [typedSamples, setSamples] = useState('1');
  const { value: samples = 1, wrong: noSamples } = readNumber(typedSamples, SAMPLES);
  const { change, saveNow } = draft;
  const edit = useCallback(
    (edits: readonly YamlEdit[], place?: string) => change((text) => editYaml(text, edits), place),
    [change],
  );

  const known = useKnownPaths(id);
  const checked = useCheck(prompt.definition, known);
  // Before anything is typed nothing is wrong.
  const faults = draft.save.kind === 'new' ? [] : (checked?.errors ?? []);
  const fields = useMemo(() => variablesToFill(checked?.variables ?? []), [checked?.variables]);
  const names = useMemo(
    () => [...new Set([...(known ?? []), ...fields.map(({ path }) => path)])],
    [known, fields],
  );
  const { variables, unreadable } = useMemo(() => valuesToSend(fields, inputs.tried), [fields, inputs.tried]);
  const { definition } = prompt;
  const question = useMemo(
    (): Question =>
      version === undefined ? { definition, variables } : { prompt: `${id}@${version}`, variables },
    [id, version, definition, variables],
  );
  // A run sends nothing where nothing is said; who looks at the request wants to see where that is.
  const shown = useMemo((): Question => {
    const filled = fields.filter((field) => !isEmptyValue(inputs.tried[field.path] ?? emptyValue(field)));
    return { ...question, variables: valuesToSend(filled, inputs.tried).variables };
  }, [question, fields, inputs.tried]);
  const [asked] = useDebouncedValue(shown, REST_MS);
  const preview = usePreview(asked, noSamples === undefined ? samples : 1);
  const canRun = Object.keys(unreadable).length === 0 && noSamples === undefined;
  const run = (): void => {
    if (canRun) chat.run(question, samples);
  };
  const show = (next: PromptPanel | undefined): void =>
    void navigate({ search: (before) => withPart(before, 'panel', next) });
  useEditKeys({
    ...{ save: () => void saveNow(), undo: draft.undo, redo: draft.redo, go: run },
    isReadOnly: isVersion,
  });
  const closeInput = (): void =>
    void navigate({ search: (before) => withPart(before, 'input', undefined), replace: true });
  const restore = (text: string): void => {
    change(() => text);
    void navigate({ search: {} });
  };
  return (
    <>
      <Head id={id} draft={draft} prompt={prompt} edit={edit} show={show} />
      <DraftNotices draft={draft} what="prompt" />
      {isVersion && (
        <div className="notice calm">
          <span>Version {version} never changes: this is how it was published.</span>
          <Button size="compact-xs" variant="default" onClick={() => void navigate({ search: {} })}>
            To the draft
          </Button>
        </div>
      )}
      {compare !== undefined && (
        <Compared
          {...{ resource: 'prompts', id, from: compare, to: version, save: draft.save }}
          onClose={() => void navigate({ search: (before) => withPart(before, 'compare', undefined) })}
        />
      )}
      <div className={panel ? 'with-drawer' : undefined}>
        <div className={layout === 'stacked' || panel ? 'desk stacked' : 'desk'}>
          <div>
            <section className="panel" aria-labelledby="chat-template">
              <header>
                <h2 id="chat-template">Chat Template</h2>
              </header>
              <div className="inside">
                <StepList
                  steps={prompt.steps}
                  faults={[...faults, ...(checked?.warnings ?? [])]}
                  names={names}
                  readOnly={isVersion}
                  edit={edit}
                />
              </div>
            </section>
          </div>
          <div>
            {input !== undefined && (
              <FilledFrom task={input} fields={fields} inputs={inputs} onClose={closeInput} />
            )}
            <InputVariables
              id={id}
              fields={fields}
              tried={inputs.tried}
              unreadable={unreadable}
              readOnly={isVersion}
              onChange={inputs.change}
              onRename={(from, to) => {
                edit(renameVariable(prompt.steps, from, to));
                inputs.rename(from, to);
              }}
              onPastInputs={() => show('inputs')}
            >
              {inputs.hasTypedBefore && (
                <div className="notice calm" role="status">
                  <button
                    type="button"
                    className="plain"
                    onClick={() => {
                      inputs.bringBack();
                      if (input !== undefined) closeInput();
                    }}
                  >
                    Bring back what you had typed
                  </button>
                  <button
                    type="button"
                    className="icon end"
                    aria-label="Forget what you had typed"
                    onClick={inputs.forgetTypedBefore}
                  >
                    <Icon name="close" />
                  </button>
                </div>
              )}
            </InputVariables>
            <ChatPane
              samples={chat.samples}
              isRunning={chat.isRunning}
              hasSchema={prompt.schema !== undefined}
            />
            <details className="panel step">
              <summary>Model Configuration</summary>
              <div className="inside">
                <ModelForm model={prompt.model} faults={faults} readOnly={isVersion} edit={edit} />
              </div>
            </details>
            <details className="panel step">
              <summary>Output Variables</summary>
              <div className="inside">
                <OutputForm id={id} schema={prompt.schema} faults={faults} readOnly={isVersion} edit={edit} />
              </div>
            </details>
          </div>
        </div>
        {panel && (
          <Drawer key={panel} title={PANELS[panel]} onClose={() => show(undefined)}>
            {panel === 'json' && <SentJson preview={preview} samples={chat.samples} />}
            {panel === 'inputs' && (
              <PastInputs
                id={id}
                onFill={(scope, { task }) => {
                  inputs.fill(valuesOf(fields, scope), task);
                  void navigate({ search: (before) => withPart(before, 'input', task), replace: true });
                }}
              />
            )}
            {panel === 'uses' && (
              <div className="inside">
                <WhereUsed resource="prompts" id={id} />
              </div>
            )}
            {panel === 'versions' && (
              <Versions
                resource="prompts"
                id={id}
                onOpen={(opened) => void navigate({ search: { version: opened } })}
                onCompare={(opened) => void navigate({ search: { compare: opened } })}
                onRestore={restore}
              />
            )}
            {panel === 'publish' && (
              <Publish
                resource="prompts"
                id={id}
                draft={draft}
                impact={<Impact id={id} draft={draft} />}
                onPublished={(opened) => void navigate({ search: { version: opened } })}
              />
            )}
          </Drawer>
        )}
      </div>
      <div className="run-bar">
        <Button variant="default" onClick={() => show('json')}>
          VIEW JSON
        </Button>
        <div className="end">
          <label className="how-many">
            samples
            <NumberField
              aria-label="samples"
              limits={SAMPLES}
              description=""
              text={typedSamples}
              onText={setSamples}
            />
          </label>
          <Cost preview={preview} />
          <Button variant="default" disabled={isVersion} onClick={() => show('publish')}>
            PUBLISH VERSION
          </Button>
          {chat.isRunning ? (
            <Button variant="default" onClick={chat.stop}>
              STOP
            </Button>
          ) : (
            <Button disabled={!canRun} onClick={run}>
              RUN PROMPT
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

const PANELS: Record<PromptPanel, string> = {
  json: 'JSON',
  inputs: 'Past inputs',
  uses: 'Where used',
  versions: 'Versions',
  publish: 'Publish version',
};

function Head({
  id,
  draft,
  prompt,
  edit,
  show,
}: {
  id: string;
  draft: DraftEditing;
  prompt: EditedPrompt;
  edit: (edits: readonly YamlEdit[], place?: string) => void;
  show: (panel: PromptPanel) => void;
}) {
  const { version, layout } = route.useSearch();
  const navigate = route.useNavigate();
  const uses = useQuery(usesQuery('prompts', id)).data;
  const count = uses && uses.workflows.length + uses.references.length;
  return (
    <div className="head">
      <h1 className="hidden">Prompt {prompt.name || id}</h1>
      <Link to="/" className="home-link">
        &lt; HOME
      </Link>
      <TextInput
        aria-label="Name of the prompt"
        className="definition-head"
        value={prompt.name}
        placeholder={id}
        readOnly={version !== undefined}
        onChange={({ currentTarget }) =>
          edit([{ kind: 'set', path: ['name'], value: currentTarget.value || undefined }], 'name')
        }
      />
      <Button variant="default" onClick={() => show('versions')}>
        {version === undefined ? 'DRAFT' : `Version ${version}`}
        {version === undefined && draft.latest !== null && ` | Version ${draft.latest}`} ▾
        <span className="hidden">, all versions</span>
      </Button>
      {version === undefined && <SavedMark draft={draft} />}
      <div className="end">
        <Button variant="subtle" disabled={version !== undefined || !draft.canUndo} onClick={draft.undo}>
          Undo
        </Button>
        <Button variant="subtle" disabled={version !== undefined || !draft.canRedo} onClick={draft.redo}>
          Redo
        </Button>
        <CopyButton variant="subtle" text={() => window.location.href} label="Share" copied="Link copied" />
        <Button
          variant="subtle"
          className="wide-only"
          onClick={() =>
            void navigate({
              search: (before) => withPart(before, 'layout', layout === 'stacked' ? undefined : 'stacked'),
            })
          }
        >
          Layout
        </Button>
        <Button variant="subtle" onClick={() => show('uses')}>
          Where used{count === undefined ? '' : ` (${count})`}
        </Button>
        <Button
          variant="default"
          disabled={version !== undefined}
          loading={draft.save.kind === 'saving'}
          onClick={() => void draft.saveNow()}
        >
          SAVE
        </Button>
      </div>
    </div>
  );
}

/** What a run may cost, as the server estimates it; what hinders it stands in VIEW JSON and at the run. */
function Cost({ preview }: { preview: ReturnType<typeof usePreview> }) {
  if (preview.error || !preview.data)
    return <span className="quiet">{preview.error ? 'cost: mend the prompt first' : ''}</span>;
  const { cost, inputTokens, outputTokens } = preview.data.estimate;
  return (
    <span className="quiet" title={`about ${inputTokens} tokens in, at most ${outputTokens} out`}>
      {cost === null ? 'price unknown' : `~$${cost === 0 ? '0' : cost.toPrecision(2)}`}
    </span>
  );
}
