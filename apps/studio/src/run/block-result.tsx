import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { resultQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { isObject } from '../values/is-object.js';
import { ReadableValue } from '../values/readable-value.js';
import { keptIn } from './kept-result.js';

interface BlockResultProps {
  readonly run: string;
  readonly block: string;
  /** Of a payload that sees the result. */
  readonly payloadKey: string;
  readonly value: unknown;
}

/** A result of a block. One that is kept apart for its size is fetched when somebody asks for it. */
export function BlockResult({ run, block, payloadKey, value }: BlockResultProps) {
  const kept = keptIn(value);
  const whole = useQuery({ ...resultQuery(run, block, payloadKey), enabled: false });
  const file = fileIn(value);
  if (file)
    return (
      <>
        <p>
          <a href={file.href} download={file.name}>
            Download {file.name}
          </a>{' '}
          <span className="quiet">{megabytes(file.sizeBytes)} MB</span>
        </p>
        <ReadableValue value={value} />
      </>
    );
  if (!kept) return <ReadableValue value={value} />;
  if (whole.data !== undefined) return <ReadableValue value={whole.data} />;
  return (
    <>
      {whole.error && <Failure error={whole.error} onRetry={() => void whole.refetch()} />}
      <Button
        variant="default"
        size="compact-sm"
        loading={whole.isFetching}
        onClick={() => void whole.refetch()}
      >
        Load {megabytes(kept.sizeBytes)} MB
      </Button>
    </>
  );
}

interface File {
  readonly name: string;
  readonly href: string;
  readonly sizeBytes: number;
}

/** A file that an export made. Only those have such an address: a link elsewhere is text, whoever wrote it. */
function fileIn(value: unknown): File | undefined {
  const file = isObject(value) ? (value['file'] as Partial<File> | null | undefined) : undefined;
  const isExport =
    typeof file?.href === 'string' &&
    /^\/api\/exports\/[0-9a-f]{64}\/[^/?#]+$/.test(file.href) &&
    typeof file.name === 'string' &&
    typeof file.sizeBytes === 'number';
  return isExport ? (file as File) : undefined;
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
