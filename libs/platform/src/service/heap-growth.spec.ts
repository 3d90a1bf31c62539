import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Something alive, and much beside it that lives just long enough to become old. Prints the largest heap. */
const PROGRAM = `
  const alive = Array.from({ length: 400_000 }, (_, i) => ({ i, text: 'x' + i }));
  let passing = [];
  let most = 0;
  for (let n = 0; n < 4e6; n += 1) {
    passing.push({ n, text: 'k' + n, list: [n] });
    if (passing.length > 200_000) passing = passing.slice(100_000);
    if (n % 20_000 === 0) most = Math.max(most, process.memoryUsage().heapTotal);
  }
  console.log(alive.length && most);`;

// Node strips the module's types by itself.
const BOUNDED = `
  import { boundHeapGrowth } from ${JSON.stringify(new URL('heap-growth.ts', import.meta.url))};
  boundHeapGrowth();
  ${PROGRAM}`;

describe('the heap of a process', () => {
  it('grows less above what is alive than V8 would let it', async () => {
    const [free, bounded] = await Promise.all([mostHeapOf(PROGRAM), mostHeapOf(BOUNDED)]);

    expect(bounded).toBeLessThan(0.85 * free);
  });
});

async function mostHeapOf(program: string): Promise<number> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return Number(stdout);
}
