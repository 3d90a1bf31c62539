import { Type, type TSchema } from 'typebox';

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Values = Type.Record(Type.String(), Type.Unknown());

export const DefinitionFault = Type.Object(
  { field: Type.String({ description: 'Such as steps.1.text' }), message: Type.String() },
  { title: 'DefinitionFault', additionalProperties: true },
);
export const DefinitionErrors = Type.Object({ errors: Type.Array(DefinitionFault) });

export const DefinitionSummaryAnswer = Type.Object(
  {
    id: Type.String(),
    name: Nullable(Type.String()),
    description: Nullable(Type.String()),
    latest: Nullable(Type.Integer({ description: 'null: only a draft so far' })),
    labels: Type.Array(Type.Object({ label: Type.String(), version: Type.Integer() })),
    author: Nullable(Type.String({ description: 'Of the latest version' })),
    publishedAt: Nullable(Time),
    draft: Nullable(Type.Object({ revision: Type.Integer(), by: Type.String(), at: Type.String() })),
  },
  { title: 'DefinitionSummary' },
);

const versionFields = {
  id: Type.String(),
  version: Type.Integer(),
  hash: Type.String({ description: 'SHA-256 of the content: equal content has equal hashes' }),
  labels: Type.Array(Type.String()),
  note: Nullable(Type.String()),
  author: Type.String(),
  publishedAt: Time,
};
export const DefinitionVersions = Type.Object({
  versions: Type.Array(Type.Object(versionFields, { title: 'DefinitionVersionSummary' })),
});

const Variables = Type.Array(Type.String(), {
  description: 'Paths of the variables that it reads; those of images begin with image:',
});

/** `title`: the definition's own. */
export function versionAnswer(title: string, definition: TSchema) {
  return Type.Object(
    {
      ...versionFields,
      definition: Type.Unsafe<unknown>(definition),
      pins: Type.Optional(
        Type.Record(Type.String(), Type.String(), {
          description:
            'Versions of its own kind, by the references that name them: as they were when it was published',
        }),
      ),
      yaml: Type.String({ description: 'As it was written; read again it has the same hash' }),
      variables: Variables,
    },
    { title: `${title}Version` },
  );
}

export const DefinitionDraftAnswer = Type.Object(
  {
    id: Type.String(),
    revision: Type.Integer({ description: 'Its ETag, in quotation marks' }),
    definition: Values,
    yaml: Type.String(),
    by: Type.String(),
    at: Time,
    latest: Nullable(Type.Integer({ description: 'The version that is published now' })),
    errors: Type.Array(DefinitionFault, { description: 'What stands in the way of publishing it' }),
    variables: Variables,
  },
  { title: 'DefinitionDraft' },
);

const revisionFields = {
  revision: Type.Integer(),
  by: Type.String(),
  at: Time,
  version: Nullable(Type.Integer({ description: 'What it was published as' })),
};
export const DraftRevisions = Type.Object({
  revisions: Type.Array(Type.Object(revisionFields, { title: 'DraftRevision' })),
  next: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last' })),
});
export const DraftRevisionAnswer = Type.Object(
  { ...revisionFields, definition: Values, yaml: Type.String() },
  { title: 'DraftRevisionContent' },
);

export const PublishedDefinitionAnswer = Type.Object(
  {
    id: Type.String(),
    version: Type.Integer(),
    created: Type.Boolean({ description: 'false: the latest version has this content already' }),
  },
  { title: 'PublishedDefinition' },
);

export const DefinitionChangeAnswer = Type.Object(
  {
    part: Type.String({ description: 'The first name of the path: steps, model, output' }),
    path: Type.String({ description: 'Where it is now; of what is removed, where it was' }),
    pathBefore: Type.Optional(Type.String({ description: 'Where it was, if that is another place' })),
    kind: Type.Enum(['added', 'removed', 'changed']),
    before: Type.Optional(Type.Unknown()),
    after: Type.Optional(Type.Unknown()),
    words: Type.Optional(
      Type.Array(Type.Object({ op: Type.Enum(['same', 'added', 'removed']), text: Type.String() }), {
        description: 'Of a text that changed',
      }),
    ),
  },
  { title: 'DefinitionChange' },
);

export const DefinitionDiffAnswer = Type.Object(
  {
    id: Type.String(),
    from: Type.String(),
    to: Type.String(),
    same: Type.Boolean(),
    changes: Type.Array(DefinitionChangeAnswer),
  },
  { title: 'DefinitionDiff' },
);

export const DraftChangesAnswer = Type.Object(
  {
    since: Nullable(Type.Integer({ description: 'The version that is published now' })),
    authors: Type.Array(
      Type.Object({
        by: Type.String(),
        at: Time,
        revision: Type.Integer({ description: 'The last save of this author in a row' }),
        changes: Type.Array(DefinitionChangeAnswer),
      }),
      { description: 'In order; one who came back is there again' },
    ),
  },
  { title: 'DraftChanges' },
);
