import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { resultQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { ReadableValue } from '../values/readable-value.js';

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

interface Kept {
  readonly object: string;
  readonly sizeBytes: number;
}

function keptIn(value: unknown): Kept | undefined {
  const ref = (value as { ref?: Partial<Kept> } | null)?.ref;
  return typeof ref?.object === 'string' && typeof ref.sizeBytes === 'number' ? (ref as Kept) : undefined;
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1);
