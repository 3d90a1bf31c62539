import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { resultsQuery, runQuery, runsQuery } from '../api/queries.js';
import { needsOf, type EditedBlock } from './document.js';

const RUNS = 10;

export interface PastPayload {
  readonly key: string;
  /** What a block below it saw, by name: results, and inputs of the run. */
  readonly seen: Readonly<Record<string, unknown>>;
}

export interface PastPayloads {
  readonly runs: readonly { readonly id: string; readonly createdAt: string }[];
  readonly run: string | undefined;
  readonly payloads: readonly PastPayload[];
  readonly isPending: boolean;
  readonly error: unknown;
}

/** What came to a block in a past run of the workflow: the chosen one, else the newest that came through. */
export function usePastPayloads(
  workflow: string,
  blocks: readonly EditedBlock[],
  of: { at: number; run?: string | undefined },
): PastPayloads {
  const listed = useInfiniteQuery(runsQuery({ workflow, limit: RUNS, tests: 'with' }));
  const runs = (listed.data?.pages[0]?.runs ?? []).filter(({ endedAt }) => endedAt !== null);
  const through = runs.find(({ status }) => status === 'completed' || status === 'partial');
  const run = of.run ?? (through ?? runs[0])?.id;
  const shown = useQuery({ ...runQuery(run ?? ''), enabled: run !== undefined });
  const [above] = needsOf(blocks, of.at);
  const isKnown = shown.data?.blocks.some(({ block }) => block === above) === true;
  const results = useInfiniteQuery({ ...resultsQuery(run ?? '', above), enabled: isKnown });
  const inputs = shown.data?.inputs ?? {};
  const payloads =
    above === undefined && shown.data
      ? [{ key: '', seen: inputs }]
      : (results.data?.pages[0]?.payloads ?? []).map(({ key, blockResults }) => ({
          ...{ key, seen: { ...inputs, ...blockResults } },
        }));
  return {
    ...{ runs, run, payloads },
    isPending: listed.isPending || (run !== undefined && shown.isPending) || (isKnown && results.isPending),
    error: listed.error ?? shown.error ?? results.error,
  };
}
