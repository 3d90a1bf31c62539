import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Something alive, and as much that becomes old before it is let go, again and again. Prints the largest heap. */
const PROGRAM = `
  const alive = Array.from({ length: 200_000 }, (_, i) => ({ i, text: 'x' + i }));
  const passing = new Array(100_000);
  let most = 0;
  for (let n = 0; n < 6e6; n += 1) {
    passing[n % passing.length] = { n, text: 'k' + n };
    if (n % 20_000 === 0) most = Math.max(most, process.memoryUsage().heapTotal);
  }
  console.log(alive.length && most);`;

/** What is old is collected when the heap has grown, and not when a thread beside has time for it. */
const COLLECTED = ['--single-threaded-gc', '--max-semi-space-size=1'];

// Node strips the module's types by itself.
const BOUNDED = `
  import { boundHeapGrowth } from ${JSON.stringify(new URL('heap-growth.ts', import.meta.url))};
  boundHeapGrowth();
  ${PROGRAM}`;

describe('the heap of a process', () => {
  it('grows less above what is alive than V8 would let it', async () => {
    const [free, bounded] = await Promise.all([mostHeapOf(PROGRAM), mostHeapOf(BOUNDED)]);

    expect(bounded).toBeLessThan(0.75 * free);
  });
});

async function mostHeapOf(program: string): Promise<number> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [...COLLECTED, '--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return Number(stdout);
}
