import { uuidFrom, type EvaluatorDefinition, type GoldenSetDefinition } from '@duofactory/contracts';
import {
  Problem,
  TimePosition,
  decodeCursor,
  encodeCursor,
  type Background,
  type Clock,
  type Database,
  type DefinitionVersion,
  type Logger,
} from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { failureOf } from '../failure-of.js';
import {
  claimTest,
  endTest,
  insertTest,
  listTests,
  noteProgress,
  readTest,
  type TestRow,
} from '../../store/evaluator-tests.js';
import type { EvaluatePayload } from '../evaluate-payload.js';
import type { EvaluatorLibrary } from '../evaluator-kind.js';
import type { GoldenSetLibrary } from './golden-set-kind.js';
import { casesFor, runTestCases } from './run-test-cases.js';
import { agreementAt, type AgreementAt, type TestReport } from './test-report.js';

export type { TestRow } from '../../store/evaluator-tests.js';

export interface TestRequest {
  /** `id`, `id@7` or `id@label`. */
  readonly goldenSet: string;
  /** References; none: those that the set names. */
  readonly evaluators?: readonly string[];
  readonly repeats: number;
  readonly author: string;
  /** The same key again: the same test. */
  readonly key?: string;
}

/** How long a process that gives no sign keeps its tests. */
const CLAIM_MS = 30_000;

/** Tests of evaluators against golden sets. They outlive the process: another one begins them again, and pays nothing twice. */
export class EvaluatorTests implements Background {
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #callOff: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly libraries: {
      readonly evaluators: EvaluatorLibrary;
      readonly goldenSets: GoldenSetLibrary;
    },
    private readonly evaluate: EvaluatePayload,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.#lookLater(0);
  }

  async stop(): Promise<void> {
    this.#callOff();
    this.#stopping.abort(new Error('The service stops'));
    await Promise.all(this.#running);
  }

  /** Throws Problem: an unknown set or evaluator, or one that the set says nothing of. */
  async request({ goldenSet, evaluators, repeats, author, key }: TestRequest): Promise<TestRow> {
    const set = await this.libraries.goldenSets.show(goldenSet);
    const versions = await this.#versionsOf(evaluators ?? set.definition.evaluators);
    const counts = versions.map(({ id }) => casesFor(set.definition, id).length);
    const silent = versions.find((_, i) => counts[i] === 0);
    if (silent) throw withoutCases(set, silent.id);
    const now = this.clock.now();
    const row = {
      id: key === undefined ? randomUUID() : uuidFrom('evaluator-test', key),
      goldenSet: `${set.id}@${set.version}`,
      evaluators: versions.map(({ id, version }) => `${id}@${version}`),
      total: counts.reduce((sum, count) => sum + count, 0) * repeats,
      ...{ repeats, author, createdAt: now, claimedUntil: claimFrom(now) },
    };
    const inserted = await insertTest(this.database, row);
    if (!inserted) return (await readTest(this.database, row.id))!;
    this.#run(inserted);
    return inserted;
  }

  async show(id: string): Promise<TestRow & { report: TestReport | null }> {
    const found = await readTest(this.database, id);
    if (found) return { ...found, report: found.report as TestReport | null };
    throw new Problem({
      status: 404,
      code: 'unknown-test',
      title: 'Unknown test',
      detail: `No test of evaluators has the id ${id}`,
    });
  }

  /** What one of its evaluators would say with another threshold. Throws Problem. */
  async agreementAt(id: string, of: { evaluator: string; passAt: number }): Promise<AgreementAt> {
    const { report, evaluators } = await this.show(id);
    const version = report?.versions.find(({ evaluator }) => evaluator === of.evaluator);
    if (version) return agreementAt(version, of.passAt);
    const message = report
      ? `This test asked ${evaluators.join(', ')}`
      : 'This test has no report yet: wait until it is done';
    throw new Problem({
      status: report ? 422 : 409,
      code: report ? 'not-tested' : 'test-not-done',
      title: 'There are no answers of this evaluator',
      detail: message,
      errors: [{ field: 'evaluator', message }],
    });
  }

  async list(of: {
    goldenSet: string | undefined;
    cursor: string | undefined;
    limit: number;
  }): Promise<{ tests: TestRow[]; next?: string }> {
    const before = of.cursor === undefined ? undefined : decodeCursor(of.cursor, TimePosition);
    const rows = await listTests(this.database, {
      limit: of.limit + 1,
      ...(of.goldenSet === undefined ? {} : { goldenSet: of.goldenSet }),
      ...(before ? { before: { at: new Date(before.at), id: before.id } } : {}),
    });
    const tests = rows.slice(0, of.limit);
    const last = tests.at(-1);
    return rows.length > of.limit && last
      ? { tests, next: encodeCursor({ at: last.createdAt.toISOString(), id: last.id }) }
      : { tests };
  }

  async #versionsOf(references: readonly string[]): Promise<DefinitionVersion<EvaluatorDefinition>[]> {
    return Promise.all(references.map((reference) => this.libraries.evaluators.show(reference)));
  }

  /** Takes over what a process left that is gone. */
  #lookLater(afterMs: number): void {
    this.#callOff = this.clock.setTimer(afterMs, () => {
      const now = this.clock.now();
      claimTest(this.database, now, claimFrom(now))
        .then((test) => test && this.#run(test))
        .catch((error: unknown) => this.log.warn({ err: error }, 'Could not look for tests that were left'))
        .finally(() => !this.#stopping.signal.aborted && this.#lookLater(CLAIM_MS));
    });
  }

  #run(test: TestRow): void {
    const running = this.#execute(test)
      .catch((error: unknown) =>
        this.log.warn({ err: error, testId: test.id }, 'A test of evaluators was left'),
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #execute({ id, goldenSet, evaluators, repeats }: TestRow): Promise<void> {
    const { signal } = this.#stopping;
    let done = 0;
    let noting = Promise.resolve();
    const onAnswer = (): void => {
      done += 1;
      const seen = { id, done, claimedUntil: claimFrom(this.clock.now()) };
      // In order; what could not be noted is noted with the next one.
      noting = noting.then(() => noteProgress(this.database, seen)).catch(() => undefined);
    };
    const renew = this.#keep(() =>
      noteProgress(this.database, { id, done, claimedUntil: claimFrom(this.clock.now()) }),
    );
    try {
      const set = await this.libraries.goldenSets.show(goldenSet);
      const versions = await this.#versionsOf(evaluators);
      const test = { goldenSet: set.definition, evaluators: versions, repeats };
      const report = await runTestCases(this.evaluate, test, onAnswer, signal);
      await noting;
      await endTest(this.database, { id, now: this.clock.now(), report });
    } catch (error) {
      // Whoever comes next begins it again.
      if (signal.aborted) return;
      await endTest(this.database, { id, now: this.clock.now(), error: failureOf(error) });
    } finally {
      renew();
    }
  }

  /** A slow judge gives no answers for a while: the claim holds. Returns how to end it. */
  #keep(renew: () => Promise<void>): () => void {
    let callOff: () => void;
    const later = (): void => {
      callOff = this.clock.setTimer(CLAIM_MS / 3, () => {
        later();
        renew().catch(() => undefined);
      });
    };
    later();
    return () => callOff();
  }
}

function claimFrom(now: Date): Date {
  return new Date(now.getTime() + CLAIM_MS);
}

function withoutCases({ id, version }: DefinitionVersion<GoldenSetDefinition>, evaluator: string): Problem {
  const message = `No case of the golden set "${id}@${version}" has a verdict for "${evaluator}"`;
  return new Problem({
    status: 422,
    code: 'no-cases',
    title: 'There is nothing to test by',
    detail: message,
    errors: [{ field: 'evaluators', message }],
  });
}
