import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useCallback, useMemo, type ReactNode } from 'react';
import { isMissing } from '../api/problem.js';
import { definitionSource, versionQuery, type Resource } from '../definitions/definition-queries.js';
import { Compared } from '../definitions/compared.js';
import { Publish } from '../definitions/publish.js';
import { Versions } from '../definitions/versions.js';
import { WhereUsed } from '../definitions/where-used.js';
import { DraftNotices } from '../draft/draft-notices.js';
import { readYaml } from '../draft/read-yaml.js';
import { SavedMark } from '../draft/saved-mark.js';
import { useDraft, useFoundDraft, type DraftEditing, type FoundDraft } from '../draft/use-draft.js';
import { useEditKeys } from '../draft/use-edit-keys.js';
import { editYaml, type YamlEdit } from '../draft/yaml-edits.js';
import { Drawer } from '../frame/drawer.js';
import { Failure } from '../frame/failure.js';
import { NoVersion, type Named } from '../frame/nothing.js';
import type { DefinitionPanel } from '../routes.js';
import { isObject } from '../values/is-object.js';

/** What an address says of a definition that is edited. */
export interface DefinitionSearch {
  readonly version?: number;
  readonly compare?: number;
  readonly panel?: DefinitionPanel;
}

export interface EditedDefinition {
  readonly draft: DraftEditing;
  /** The draft, or the version that is looked at. */
  readonly text: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly readOnly: boolean;
  readonly edit: (edits: readonly YamlEdit[], place?: string) => void;
}

interface DeskProps {
  readonly resource: Resource;
  /** What it is called: `evaluator`. */
  readonly one: Named;
  readonly id: string;
  readonly empty: object;
  readonly search: DefinitionSearch;
  readonly onSearch: (search: DefinitionSearch) => void;
  readonly children: (edited: EditedDefinition) => ReactNode;
}

/** A draft with its versions, its uses and its publishing around what edits it. */
export function DefinitionDesk(props: DeskProps) {
  const { resource, id, empty } = props;
  const found = useFoundDraft(definitionSource(resource, id, empty));
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <div className="skeleton" />;
  return <Desk {...props} found={found.data} />;
}

function Desk({
  resource,
  one,
  id,
  empty,
  search,
  onSearch,
  children,
  found,
}: DeskProps & { found: FoundDraft }) {
  const { version, compare, panel } = search;
  const source = useMemo(() => definitionSource(resource, id, empty), [resource, id, empty]);
  const draft = useDraft(source, found);
  const opened = useQuery({ ...versionQuery(resource, id, String(version)), enabled: version !== undefined });
  const { change, saveNow } = draft;
  const edit = useCallback(
    (edits: readonly YamlEdit[], place?: string) => change((before) => editYaml(before, edits), place),
    [change],
  );
  const text = version === undefined ? draft.text : opened.data?.yaml;
  const definition = useMemo(() => fieldsOf(text ?? ''), [text]);
  useEditKeys({
    ...{ save: () => void saveNow(), undo: draft.undo, redo: draft.redo },
    isReadOnly: version !== undefined,
  });
  if (version !== undefined && isMissing(opened.error))
    return (
      <NoVersion of={one} {...{ id, version }}>
        <Link to="." search={{}}>
          To the draft
        </Link>
      </NoVersion>
    );
  if (version !== undefined && opened.error)
    return <Failure error={opened.error} onRetry={() => void opened.refetch()} />;
  if (text === undefined) return <div className="skeleton" />;
  const name = typeof definition['name'] === 'string' ? definition['name'] : '';
  const readOnly = version !== undefined;
  return (
    <>
      <div className="head">
        <h1 className="hidden">
          {one} {name || id}
        </h1>
        <Link to="/evaluators">&lt; Evaluators</Link>
        <TextInput
          aria-label={`Name of the ${one}`}
          className="definition-head"
          value={name}
          placeholder={id}
          readOnly={readOnly}
          onChange={({ currentTarget }) =>
            edit([{ kind: 'set', path: ['name'], value: currentTarget.value || undefined }], 'name')
          }
        />
        <Button variant="default" onClick={() => onSearch({ ...search, panel: 'versions' })}>
          {readOnly ? `Version ${version}` : 'DRAFT'}
          {!readOnly && draft.latest !== null && ` | Version ${draft.latest}`} ▾
          <span className="hidden">, all versions</span>
        </Button>
        {!readOnly && <SavedMark draft={draft} />}
        <div className="end">
          <Button variant="subtle" disabled={readOnly || !draft.canUndo} onClick={draft.undo}>
            Undo
          </Button>
          <Button variant="subtle" disabled={readOnly || !draft.canRedo} onClick={draft.redo}>
            Redo
          </Button>
          <Button variant="subtle" onClick={() => onSearch({ ...search, panel: 'uses' })}>
            Where used
          </Button>
          <Button variant="default" disabled={readOnly} onClick={() => void saveNow()}>
            SAVE
          </Button>
          <Button disabled={readOnly} onClick={() => onSearch({ ...search, panel: 'publish' })}>
            PUBLISH VERSION
          </Button>
        </div>
      </div>
      <DraftNotices draft={draft} what={one} />
      {readOnly && (
        <div className="notice calm">
          <span>Version {version} never changes: this is how it was published.</span>
          <Button size="compact-xs" variant="default" onClick={() => onSearch({})}>
            To the draft
          </Button>
        </div>
      )}
      {compare !== undefined && (
        <Compared
          {...{ resource, id, from: compare, to: version, save: draft.save }}
          onClose={() => onSearch(version === undefined ? {} : { version })}
        />
      )}
      <div className={panel ? 'with-drawer' : undefined}>
        <div>{children({ draft, text, definition, readOnly, edit })}</div>
        {panel && (
          <Drawer
            key={panel}
            title={TITLES[panel]}
            onClose={() => onSearch({ ...(version === undefined ? {} : { version }) })}
          >
            {panel === 'uses' && (
              <div className="inside">
                <WhereUsed resource={resource} id={id} />
              </div>
            )}
            {panel === 'versions' && (
              <Versions
                resource={resource}
                id={id}
                onOpen={(which) => onSearch({ version: which })}
                onCompare={(which) => onSearch({ compare: which })}
                onRestore={(restored) => {
                  change(() => restored);
                  onSearch({});
                }}
              />
            )}
            {panel === 'publish' && (
              <Publish
                resource={resource}
                id={id}
                draft={draft}
                onPublished={(which) => onSearch({ version: which })}
              />
            )}
          </Drawer>
        )}
      </div>
    </>
  );
}

const TITLES: Record<DefinitionPanel, string> = {
  uses: 'Where used',
  versions: 'Versions',
  publish: 'Publish version',
};

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  const read = readYaml(text);
  return 'value' in read && isObject(read.value) ? read.value : {};
}
