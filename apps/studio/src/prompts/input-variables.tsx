import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { answer, faultOf } from '../api/problem.js';
import { api } from '../api/client.js';
import { Failure } from '../frame/failure.js';
import { useTyping } from '../values/typing.js';
import { useInlineEdit, type InlineEdit } from '../values/use-inline-edit.js';
import {
  emptyValue,
  type StoredImage,
  type TriedValue,
  type TriedValues,
  type Variable,
} from './variables.js';

interface FieldsProps {
  /** Of the prompt. */
  readonly id: string;
  readonly fields: readonly Variable[];
  readonly tried: TriedValues;
  readonly unreadable: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onChange: (path: string, value: TriedValue) => void;
  readonly onRename: (from: string, to: string) => void;
  readonly onPastInputs: () => void;
  /** What is to be said of the values. */
  readonly children: ReactNode;
}

/** What the prompt is tried with: a field for each variable that it reads. */
export function InputVariables({ fields, onPastInputs, children, ...props }: FieldsProps) {
  return (
    <section className="panel" aria-labelledby="input-variables">
      <header>
        <h2 id="input-variables">Input Variables</h2>
        <Button className="end" variant="default" onClick={onPastInputs}>
          Past inputs
        </Button>
      </header>
      <div className="inside">
        {children}
        {fields.length === 0 ? (
          <div className="quiet help">
            <p>No variables were found in your prompt.</p>
            <p>
              In your prompt, you can define a custom variable using the <code>{'{{myVariableName}}'}</code>{' '}
              syntax.
            </p>
            <p>
              For image variables, use <code>{'{{image:myImageName}}'}</code> syntax. Image variables need to
              be put at the end of the message. For example, <em>describe the image</em>{' '}
              <code>{'{{image:image1}}'}</code>.
            </p>
          </div>
        ) : (
          <ul className="variables">
            {fields.map((field) => (
              <VariableField key={field.path} field={field} {...props} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function VariableField({
  id,
  field,
  tried,
  unreadable,
  readOnly,
  onChange,
  onRename,
}: Omit<FieldsProps, 'fields' | 'onPastInputs' | 'children'> & { field: Variable }) {
  const { path, isImage } = field;
  const value = tried[path] ?? emptyValue(field);
  const rename = useInlineEdit(`rename/${id}/${path}`);
  return (
    <li>
      <div className="variable-head">
        {rename.typed !== undefined && !readOnly ? (
          <Rename
            from={path}
            to={rename.typed}
            edit={rename}
            onEnd={(to) => {
              rename.close();
              if (to !== undefined) onRename(path, to);
            }}
          />
        ) : (
          <>
            <code>{path}</code>
            {!readOnly && (
              <button ref={rename.opener} type="button" className="plain" onClick={() => rename.open(path)}>
                Rename<span className="hidden"> {path}</span>
              </button>
            )}
          </>
        )}
        {isImage ? (
          <span className="end quiet">Image</span>
        ) : (
          <NativeSelect
            className="end"
            aria-label={`Type of ${path}`}
            value={value.type}
            data={[
              { value: 'text', label: 'Text' },
              { value: 'json', label: 'JSON' },
            ]}
            onChange={({ currentTarget }) =>
              onChange(path, { ...value, type: currentTarget.value as TriedValue['type'] })
            }
          />
        )}
      </div>
      {isImage ? (
        <ImageValue id={id} path={path} value={value} onChange={(next) => onChange(path, next)} />
      ) : (
        <Textarea
          aria-label={`Value of ${path}`}
          autosize
          minRows={1}
          maxRows={10}
          classNames={value.type === 'json' ? { input: 'mono' } : {}}
          value={value.raw}
          error={unreadable[path]}
          onChange={({ currentTarget }) => onChange(path, { ...value, raw: currentTarget.value })}
        />
      )}
    </li>
  );
}

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;

/** Everywhere in the prompt. Enter takes it, Escape leaves it. */
function Rename({
  from,
  to,
  edit,
  onEnd,
}: {
  from: string;
  to: string;
  edit: InlineEdit;
  onEnd: (to?: string) => void;
}) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (NAME.test(to)) onEnd(to === from ? undefined : to);
      }}
    >
      <TextInput
        autoFocus={edit.isPressed}
        aria-label={`New name of ${from}`}
        value={to}
        error={NAME.test(to) ? undefined : 'Letters, digits, _ and -, with dots between'}
        onChange={({ currentTarget }) => edit.type(currentTarget.value)}
        onKeyDown={({ key }) => {
          if (key === 'Escape') onEnd();
        }}
      />
      <Button type="submit" variant="default">
        Rename everywhere
      </Button>
    </form>
  );
}

const IMAGE_TYPES = 'image/png,image/jpeg,image/gif,image/webp';

/** Dropped, pasted, chosen, or fetched by its address; the server keeps it, and says what is no image. */
function ImageValue({
  id,
  path,
  value,
  onChange,
}: {
  id: string;
  path: string;
  value: TriedValue;
  onChange: (value: TriedValue) => void;
}) {
  const chooser = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState<string>();
  const [url, setUrl, forgetUrl] = useTyping(`image-url/${id}/${path}`, () => '');
  const store = useMutation({
    mutationFn: async (file: File): Promise<StoredImage> =>
      answer(
        api.POST('/api/prompt-runs/images', {
          body: file as never,
          bodySerializer: (body: unknown) => body as Blob,
          headers: { 'content-type': file.type },
        }),
      ),
    onSuccess: async (image, file) => {
      onChange({ type: 'image', raw: '', image });
      fetched.reset();
      setShown(await dataUrlOf(file));
    },
  });
  const fetched = useMutation({
    mutationFn: () => answer(api.POST('/api/prompt-runs/images/fetched', { body: { url: url.trim() } })),
    onSuccess: (image) => {
      onChange({ type: 'image', raw: '', image });
      store.reset();
      setUrl('');
      forgetUrl();
      // Nothing of elsewhere is loaded into this page.
      setShown(undefined);
    },
  });
  const take = (files: FileList | undefined | null): void => {
    const [file] = files ?? [];
    if (file) store.mutate(file);
  };
  return (
    <div
      className="image-value"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files);
      }}
      onPaste={({ clipboardData }) => take(clipboardData.files)}
    >
      {shown && value.image && <img src={shown} alt={`The image of ${path}`} />}
      {value.image && (
        <span>
          {value.image.mediaType}, {value.image.sizeBytes.toLocaleString()} bytes
        </span>
      )}
      <input
        ref={chooser}
        type="file"
        accept={IMAGE_TYPES}
        className="hidden"
        tabIndex={-1}
        aria-label={`File of ${path}`}
        onChange={({ currentTarget }) => take(currentTarget.files)}
      />
      <Button variant="default" loading={store.isPending} onClick={() => chooser.current!.click()}>
        {value.image ? 'Another image' : 'Choose an image'}
        <span className="hidden"> for {path}</span>
      </Button>
      <span className="quiet">or drop or paste one here, or name its address</span>
      <form
        className="image-url"
        onSubmit={(event) => {
          event.preventDefault();
          if (url.trim() !== '') fetched.mutate();
        }}
      >
        <TextInput
          aria-label={`Address of the image ${path}`}
          placeholder="https://example.org/map.png"
          value={url}
          error={faultOf(fetched.error, 'url')}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={fetched.isPending} disabled={url.trim() === ''}>
          Fetch<span className="hidden"> the image {path}</span>
        </Button>
      </form>
      {store.error && <Failure error={store.error} />}
      {fetched.error && faultOf(fetched.error, 'url') === undefined && <Failure error={fetched.error} />}
    </div>
  );
}

/** What a page may show of a file that is nowhere yet. */
function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read'));
    reader.readAsDataURL(file);
  });
}
