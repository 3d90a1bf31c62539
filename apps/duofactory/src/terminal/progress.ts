import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { BlockCounts, RunUpdate } from '../client/runs.js';
import { printable } from './printable.js';

/** Shows how a run goes: live bars on a terminal, a line for each block that is finished elsewhere. */
export interface Progress {
  show(update: RunUpdate): void;
  end(): void;
}

export function showProgress(blocks: readonly BlockCounts[], output: NodeJS.WriteStream): Progress {
  return output.isTTY ? new Bars(blocks, output) : new Lines(blocks, output);
}

class Bars implements Progress {
  readonly #bars: MultiBar;
  readonly #barOf: Map<string, SingleBar>;
  readonly #began = Date.now();

  constructor(blocks: readonly BlockCounts[], stream: NodeJS.WriteStream) {
    const width = Math.max(...blocks.map(({ block }) => block.length));
    this.#bars = new MultiBar(
      {
        stream,
        hideCursor: true,
        autopadding: true,
        // What is done stays on the screen.
        clearOnComplete: false,
        emptyOnZero: true,
        format: `  {name} {bar} {value}/{total}  {failed}{cost}{elapsed}`,
        barsize: 24,
      },
      Presets.shades_classic,
    );
    this.#barOf = new Map(
      blocks.map((counts) => [
        counts.block,
        this.#bars.create(counts.tasks, settled(counts), {
          name: counts.block.padEnd(width),
          ...this.#told(counts),
        }),
      ]),
    );
  }

  show({ blocks }: RunUpdate): void {
    for (const counts of blocks) {
      const bar = this.#barOf.get(counts.block);
      bar?.setTotal(counts.tasks);
      bar?.update(settled(counts), this.#told(counts));
    }
  }

  end(): void {
    this.#bars.stop();
  }

  #told(counts: BlockCounts): Record<string, string> {
    return {
      failed: counts.failed > 0 ? `${counts.failed} failed  ` : '',
      cost: `${costOf(counts)}  `,
      elapsed: counts.tasks === 0 ? '' : seconds(this.#began),
    };
  }
}

class Lines implements Progress {
  readonly #finished = new Set<string>();
  readonly #order: readonly string[];
  readonly #began = Date.now();

  constructor(
    blocks: readonly BlockCounts[],
    private readonly output: NodeJS.WritableStream,
  ) {
    this.#order = blocks.map(({ block }) => block);
    this.#tell(blocks);
  }

  show({ blocks }: RunUpdate): void {
    this.#tell(blocks);
  }

  end(): void {
    // Every line is written already.
  }

  #tell(blocks: readonly BlockCounts[]): void {
    // An update has its blocks in no order; people read them in that of the workflow.
    const place = ({ block }: BlockCounts): number => this.#order.indexOf(block);
    for (const counts of [...blocks].sort((a, b) => place(a) - place(b))) {
      if (!counts.closed || this.#finished.has(counts.block)) continue;
      this.#finished.add(counts.block);
      const failed = counts.failed > 0 ? `, ${counts.failed} failed` : '';
      this.output.write(
        `  ${counts.block}: ${settled(counts)}/${counts.tasks}${failed}, ${costOf(counts)}, ${seconds(this.#began)}\n`,
      );
    }
  }
}

export function reasonOf({ reason, status }: { reason: string | null; status: string }): string {
  return printable(reason ?? `The run ended as ${status}`);
}

function settled({ done, failed, skipped }: BlockCounts): number {
  return done + failed + skipped;
}

export function costOf({ cost, unpriced }: Pick<BlockCounts, 'cost' | 'unpriced'>): string {
  return `$${cost.toFixed(2)}${unpriced > 0 ? ` + ${unpriced} of unknown price` : ''}`;
}

function seconds(began: number): string {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
