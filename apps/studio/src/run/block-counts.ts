import type { RunBlock } from '../api/client.js';
import type { StatusWord } from '../frame/status.js';

/** `status`: of its run. */
export function wordOfBlock(block: RunBlock, status: string): StatusWord {
  const { type, tasks, done, failed, skipped, closed, requested } = block;
  if (status === 'cancelled' && !closed) return 'Cancelled';
  if (closed) {
    if (failed > 0) return done > 0 ? 'Partial' : 'Failed';
    if (done === 0) return skipped > 0 ? 'Skipped' : 'Not selected';
    return 'Succeeded';
  }
  // Nothing comes to it any more.
  if (tasks === 0) return status === 'failed' ? 'Cancelled' : 'Queued';
  if (status === 'failed') return failed > 0 ? 'Failed' : 'Cancelled';
  if (status === 'paused') return 'Paused';
  return type === 'review' && requested > 0 ? 'In review' : 'Running';
}

interface Part {
  readonly tone: 'good' | 'bad' | 'idle' | 'running';
  readonly count: number;
  readonly word: string;
}

/** What is done, failed, passed by, going on; without what there is none of. */
export function partsOf({ done, failed, skipped, ready, requested }: RunBlock): readonly Part[] {
  const parts: Part[] = [
    { tone: 'good', count: done, word: 'done' },
    { tone: 'bad', count: failed, word: 'failed' },
    { tone: 'idle', count: skipped, word: 'skipped' },
    { tone: 'running', count: requested + ready, word: 'going on' },
  ];
  return parts.filter(({ count }) => count > 0);
}

export function countsText(block: RunBlock): string {
  return (
    partsOf(block)
      .map(({ count, word }) => `${count} ${word}`)
      .join(', ') || 'nothing yet'
  );
}
