import { hashJson, uuidFrom } from '@duofactory/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.js';

const rows = { id: 'rows', type: 'soak-rows', needs: [], with: { count: '{{count}}', topic: '{{topic}}' } };
const draft = (with_: object = {}): object => ({
  id: 'draft',
  type: 'soak-effect',
  times: 2,
  with: { text: '{{rows.name}}', ...with_ },
  retry: { base: '100ms', cap: '1s' },
});
const score = { id: 'score', type: 'soak-score', with: { text: '{{draft.text}}' } };
const best = { id: 'best', type: 'soak-best', per: 'rows' };
const title = {
  id: 'title',
  type: 'soak-effect',
  times: 1,
  with: { text: 'Title of {{draft.text}}' },
  retry: { base: '100ms', cap: '1s' },
};
const list = { id: 'all', type: 'soak-list' };
const inputs = { topic: { type: 'string' }, count: { type: 'integer' } };

/** Every shape that the engine has: fan-out, groups, loops, diamonds, conditions, drops, runs inside runs. */
const WORKFLOWS = [
  {
    id: 'soak-wide',
    inputs,
    blocks: [rows, { ...draft({ mayFail: true }), onError: 'drop' }, score, best, title, list],
  },
  {
    id: 'soak-loop',
    inputs,
    blocks: [
      rows,
      draft(),
      score,
      {
        ...best,
        repeat: { from: 'draft', until: 'payloads[0].score.score >= 0.7', rounds: 3, otherwise: 'keep' },
      },
      title,
      list,
    ],
  },
  {
    id: 'soak-diamond',
    inputs,
    blocks: [
      rows,
      draft(),
      { ...title, id: 'left', needs: ['draft'], when: '$contains(draft.text, "as 1")' },
      { ...title, id: 'right', needs: ['draft'] },
      { ...score, id: 'score', needs: ['left', 'right'] },
      list,
    ],
  },
  {
    id: 'soak-parent',
    inputs,
    blocks: [
      rows,
      {
        id: 'child',
        type: 'workflow',
        with: { workflow: 'soak-child', inputs: { topic: '{{rows.name}}' }, output: 'draft' },
      },
      list,
    ],
  },
];
const CHILD = {
  id: 'soak-child',
  inputs: { topic: { type: 'string' } },
  blocks: [{ ...draft(), needs: [], with: { text: '{{topic}}' } }],
};
/** A fan-out that is born piece by piece. */
const MANY = { id: 'soak-many', inputs, blocks: [rows, list] };
const wish = (id: string, count: number): Wish => ({
  workflow: id,
  inputs: { topic: `${id} of ${count}`, count },
});
const CASES = [
  ...WORKFLOWS.flatMap(({ id }) => [0, 2, 3].map((count) => wish(id, count))),
  wish(MANY.id, 2500),
];

export interface Wish {
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What two runs share if they must come to the same. */
export const caseOf = ({ workflow, inputs }: Wish): string => `${workflow} ${hashJson(inputs)}`;

/** Runs as clients start them: asked for until somebody has said yes, under one name. */
export class Workload {
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  async publishWorkflows(): Promise<void> {
    for (const definition of [CHILD, ...WORKFLOWS, MANY]) {
      const { id } = definition;
      // Its block types are announced a moment after the workers have started.
      await this.#post(
        `/api/workflows/${id}/versions`,
        { definition: { kind: 'workflow', ...definition } },
        [422],
      );
    }
  }

  /** One run of every case. Returns their ids. */
  async startAll(name: string): Promise<string[]> {
    const ids: string[] = [];
    for (const [n, wish] of CASES.entries()) ids.push(await this.start(wish, `${name}-${n}`));
    return ids;
  }

  startOne(random: Random, name: string): Promise<string> {
    return this.start(random.of(CASES), name);
  }

  async start(wish: Wish, key: string): Promise<string> {
    await this.#post('/api/runs', wish, [], { 'idempotency-key': key });
    return uuidFrom('run', key);
  }

  async command(run: string, command: 'pause' | 'resume' | 'cancel' | 'retry'): Promise<void> {
    // 409: the run is in no state for it, or has heard it before.
    await this.#post(`/api/runs/${run}/${command}`, {}, [], {}, [409]);
  }

  /** Sends until it is acknowledged: what a careful client does on 503 and on silence. */
  async #post(
    path: string,
    body: unknown,
    alsoLater: readonly number[],
    headers: Record<string, string> = {},
    fine: readonly number[] = [],
  ): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.#url()}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      }).then(
        async (response) => ({ status: response.status, text: await response.text() }),
        () => undefined,
      );
      if (answer && (answer.status < 300 || fine.includes(answer.status))) return;
      if (answer && answer.status !== 503 && !alsoLater.includes(answer.status))
        throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
      await pause(100);
    }
  }
}
