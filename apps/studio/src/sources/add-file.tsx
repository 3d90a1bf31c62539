import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';

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

/** A file becomes the next version of a table or of a course's data; the server reads and checks it. */
export default function AddFile() {
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const [kind, setKind] = useState<Kind>('table');
  const [file, setFile] = useState<File>();
  const upload = useMutation({
    mutationFn: ({ of, name }: { of: File; name: string }) => send(kind, name, of),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['sources'] });
      await navigate({ to: '/sources', search: { [kind]: id.trim() } });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (file) upload.mutate({ of: file, name: id.trim() });
  };
  return (
    <section className="panel" aria-label="Upload a file">
      <header>
        <h2>Upload a file</h2>
      </header>
      <form className="stack inside" onSubmit={submit}>
        <NativeSelect
          label="What it is"
          value={kind}
          onChange={({ currentTarget }) => setKind(currentTarget.value as Kind)}
          data={[
            { value: 'table', label: 'A table: a header line, then rows' },
            { value: 'course', label: 'Course data: a document of kind course, as JSON' },
          ]}
        />
        <label className="file">
          <span>File</span>
          <input
            type="file"
            accept={kind === 'table' ? ACCEPTED : '.json'}
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? [];
              setFile(chosen);
              upload.reset();
              if (chosen && id === '') setId(idOf(chosen.name));
            }}
          />
          <span className="quiet">CSV, TSV, XLSX, JSON or JSONL</span>
        </label>
        <TextInput
          label="Id"
          description="Small letters, digits and “-”. An id that is there gets its next version."
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
          {...(upload.error instanceof ApiProblem && upload.error.code === 'invalid-id'
            ? { error: upload.error.message }
            : {})}
        />
        {upload.error && <Failure error={upload.error} />}
        {upload.error instanceof ApiProblem && upload.error.errors.length > 0 && (
          <ul className="tone-bad">
            {upload.error.errors.slice(0, 10).map(({ field, message }) => (
              <li key={`${field}/${message}`}>
                {field}: {message}
              </li>
            ))}
          </ul>
        )}
        <div>
          <Button type="submit" disabled={!file || id.trim() === ''} loading={upload.isPending}>
            Upload
          </Button>
        </div>
      </form>
    </section>
  );
}

/** `Wrappers (2).csv` is "wrappers-2". */
function idOf(name: string): string {
  return name
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

function send(kind: Kind, id: string, file: File) {
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  const type = kind === 'course' ? MEDIA_TYPES['json']! : (MEDIA_TYPES[ending] ?? file.type);
  const sent = {
    params: { path: { id } },
    // As it is: the server reads it as it comes.
    body: file as never,
    bodySerializer: (body: unknown) => body as BodyInit,
    headers: { 'content-type': type },
  };
  return answer(
    kind === 'table' ? api.PUT('/api/tables/{id}', sent) : api.PUT('/api/course-data/{id}', sent),
  );
}
