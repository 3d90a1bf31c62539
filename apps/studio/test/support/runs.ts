import { until } from '@duofactory/testing/network';
import type { Studio } from './studio.js';

interface Definition {
  readonly id: string;
  readonly [field: string]: unknown;
}

const TRIES = 600;

/** Publishes a workflow. What it refers to reaches the orchestrator by events, a moment later. */
export function publishedOnceKnown(studio: Studio, definition: Definition): Promise<void> {
  let tries = 0;
  let refusal = '';
  const isPublished = (): Promise<boolean> =>
    studio.api('POST', `/api/workflows/${definition.id}/versions`, { definition }).then(
      () => true,
      (error: unknown) => {
        tries += 1;
        refusal = String(error);
        if (!refusal.includes('unknown-reference')) throw error;
        return false;
      },
    );
  return until(isPublished, { everyMs: 100, gone: () => (tries > TRIES ? refusal : undefined) });
}

/** A run of it, from start to end. Its id. */
export async function runEnded(
  studio: Studio,
  definition: Definition,
  inputs: Record<string, unknown> = {},
): Promise<string> {
  await publishedOnceKnown(studio, definition);
  const { id } = await studio.api<{ id: string }>('POST', '/api/runs', { workflow: definition.id, inputs });
  const hasEnded = async (): Promise<boolean> =>
    (await studio.api<{ endedAt: string | null }>('GET', `/api/runs/${id}`)).endedAt !== null;
  await until(hasEnded, { everyMs: 250 });
  return id;
}
