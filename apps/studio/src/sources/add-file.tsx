import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem, faultOf } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { COURSE_COLUMNS, CourseHeadFields, EMPTY_HEAD, type CourseHead } from './course-head-fields.js';
import type { TableNotes } from './queries.js';
import { Faults } from './spreadsheet.js';
import { kebabIdOf } from '../values/kebab-id.js';
import { useTyping } from '../values/typing.js';

const MEDIA_TYPES: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
};
const ACCEPTED = Object.keys(MEDIA_TYPES)
  .map((ending) => `.${ending}`)
  .join(',');

type Kind = 'table' | 'course';

/** The file itself is chosen anew after a reload: a browser gives no page what it did not choose. */
interface Typed {
  readonly id: string;
  readonly kind: Kind;
  readonly head: CourseHead;
}

const NOTHING_TYPED: Typed = { id: '', kind: 'table', head: EMPTY_HEAD };

export interface Uploaded {
  readonly kind: Kind;
  readonly id: string;
  /** Absent: the file shows nothing otherwise than it was read. */
  readonly notes: TableNotes | undefined;
}

/** A file becomes the next version of a table or of a course's data; the server reads and checks it. */
export default function AddFile({ onUploaded }: { onUploaded: (uploaded: Uploaded) => void }) {
  const navigate = useNavigate();
  const [typed, type, forget] = useTyping<Typed>('upload', () => NOTHING_TYPED);
  const { id, kind, head } = typed;
  const put = (part: Partial<Typed>): void => type((known) => ({ ...known, ...part }));
  const [file, setFile] = useState<File>();
  const upload = useMutation({
    mutationFn: ({ of, name }: { of: File; name: string }) => send({ kind, id: name, head }, of),
    onSuccess: async ({ notes }) => {
      forget();
      onUploaded({ kind, id: id.trim(), notes });
      await queryClient.invalidateQueries({ queryKey: ['sources'] });
      await navigate({ to: '/sources', search: { [kind]: id.trim() } });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (file) upload.mutate({ of: file, name: id.trim() });
  };
  const refused = upload.error instanceof ApiProblem ? upload.error : undefined;
  const idWrong = faultOf(refused, 'id');
  const beside = kind === 'course' ? ['id', ...Object.keys(EMPTY_HEAD)] : ['id'];
  const inFile = refused?.errors.filter(({ field }) => !beside.includes(field)) ?? [];
  // What is not of a field beside it is of the file.
  const isBeside = refused?.errors.some(({ field }) => beside.includes(field)) ?? false;
  const ofFile =
    refused && (!isBeside || inFile.length > 0)
      ? { said: inFile.length > 0 ? `${refused.title}:` : refused.message, faults: inFile }
      : undefined;
  return (
    <section className="panel" aria-label="Upload a file">
      <header>
        <h2>Upload a file</h2>
      </header>
      <form className="stack inside" onSubmit={submit}>
        <NativeSelect
          label="What it is"
          value={kind}
          onChange={({ currentTarget }) => put({ kind: currentTarget.value as Kind })}
          data={[
            { value: 'table', label: 'A table: a header line, then rows' },
            { value: 'course', label: 'Course data: rows of units, or a document of kind course as JSON' },
          ]}
        />
        <label className="file">
          <span>File</span>
          <input
            type="file"
            aria-invalid={ofFile !== undefined}
            aria-describedby={ofFile === undefined ? undefined : 'of-file'}
            accept={ACCEPTED}
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? [];
              setFile(chosen);
              upload.reset();
              if (chosen && id === '') put({ id: kebabIdOf(chosen.name.replace(/\.[^.]*$/, '')) });
            }}
          />
          <span className="quiet">CSV, TSV, XLSX, JSON or JSONL</span>
        </label>
        {ofFile !== undefined && (
          <div className="tone-bad" role="alert" id="of-file">
            {ofFile.said}
            {ofFile.faults.length > 0 && <Faults faults={ofFile.faults} />}
          </div>
        )}
        <TextInput
          label="Id"
          description="Small letters, digits and “-”. An id that is there gets its next version."
          value={id}
          onChange={({ currentTarget }) => put({ id: currentTarget.value })}
          error={idWrong}
        />
        {kind === 'course' && (
          <>
            <p className="quiet">
              {COURSE_COLUMNS} What is left empty here stays as the course has it; a document says it itself.
            </p>
            <CourseHeadFields
              head={head}
              onHead={(next) => put({ head: next })}
              faultOf={(field) => faultOf(refused, field)}
            />
          </>
        )}
        {upload.error && !refused && <Failure error={upload.error} />}
        <div>
          <Button type="submit" disabled={!file || id.trim() === ''} loading={upload.isPending}>
            Upload
          </Button>
        </div>
      </form>
    </section>
  );
}

function send({ kind, id, head }: { kind: Kind; id: string; head: CourseHead }, file: File) {
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const sent = {
    // As it is: the server reads it as it comes.
    body: file as never,
    bodySerializer: (body: unknown) => body as BodyInit,
    headers: { 'content-type': MEDIA_TYPES[ending] ?? file.type },
  };
  if (kind === 'table') return answer(api.PUT('/api/tables/{id}', { ...sent, params: { path: { id } } }));
  const query = Object.fromEntries(
    Object.entries(head)
      .map(([field, value]: [string, string]) => [field, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  return answer(api.PUT('/api/course-data/{id}', { ...sent, params: { path: { id }, query } }));
}
