import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { Api } from '../client/api.js';
import { TestBelowGate, UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions, number } from './options.js';

type Verdict = 'pass' | 'fail';

interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

interface VersionReport {
  readonly evaluator: string;
  readonly cases: number;
  readonly failed: number;
  readonly confusion: { passPass: number; passFail: number; failPass: number; failFail: number };
  readonly kappa: Estimate;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly flippedBetweenVotes: readonly string[];
  readonly cost: { amount: number; unpriced: number; saved: number };
  readonly results: readonly {
    case: string;
    human: Verdict;
    verdict: Verdict | null;
    reasons: readonly string[];
    error: { code: string; message: string } | null;
  }[];
}

interface Test {
  readonly id: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly error: { message: string } | null;
  readonly report: {
    readonly versions: readonly VersionReport[];
    readonly flippedBetweenVersions: readonly {
      case: string;
      human: Verdict;
      verdicts: Record<string, Verdict>;
    }[];
  } | null;
}

interface TestOptions extends CommonOptions {
  readonly evaluator?: string[];
  readonly repeats?: string;
  readonly minKappa?: string;
}

const ASK_AGAIN_MS = 300;

/** `duofactory evaluators test`. */
export const testCommand = (): Command =>
  new Command('test')
    .description('Test evaluators, or versions of one, against the verdicts of people')
    .argument('<golden-set>', 'id (the latest), id@7 or id@label')
    .option('--evaluator <reference...>', 'evaluators or versions; default: those that the set names')
    .option('--repeats <count>', 'ask each question so many times')
    .option('--min-kappa <kappa>', 'end with code 6 where the last evaluator agrees less with people')
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (goldenSet: string, { url, json, evaluator, repeats, minKappa }: TestOptions) => {
      const { 'min-kappa': gate } = number('min-kappa', minKappa);
      if (gate !== undefined && (gate < -1 || gate > 1))
        throw new UsageError(`--min-kappa ${gate} must lie between -1 and 1`);
      const api = new Api(url);
      const body = {
        goldenSet,
        ...(evaluator ? { evaluators: evaluator } : {}),
        ...number('repeats', repeats),
      };
      const { id } = await api.post<Test>('/api/evaluator-tests', body);
      const test = await ended(api, id);
      if (!test.report)
        throw new Error(`The test ${id} failed: ${test.error?.message ?? 'no reason is known'}`);
      if (json) printJson(test);
      else process.stdout.write(told(test.report));
      if (gate !== undefined) holdGate(test.report.versions.at(-1)!, gate);
    });

async function ended(api: Api, id: string): Promise<Test> {
  for (;;) {
    const test = await api.get<Test>(`/api/evaluator-tests/${id}`);
    if (test.status !== 'running') return test;
    await pause(ASK_AGAIN_MS);
  }
}

/** Cases without an answer prove nothing: they fail the gate, too. */
function holdGate({ evaluator, kappa, failed }: VersionReport, gate: number): void {
  if (failed > 0) throw new TestBelowGate(`${evaluator} did not answer ${failed} cases`);
  if (kappa.value === null) throw new TestBelowGate(`${evaluator} has no kappa: one verdict is all there is`);
  if (kappa.value < gate)
    throw new TestBelowGate(
      `${evaluator} agrees with people by kappa ${kappa.value.toFixed(3)}, less than ${gate}`,
    );
}

function told({ versions, flippedBetweenVersions }: NonNullable<Test['report']>): string {
  const rows = versions.map(({ evaluator, cases, failed, kappa, precision, recall, cost }) => [
    ...[evaluator, cases, failed, shown(kappa), shown(precision), shown(recall)],
    `$${cost.amount.toFixed(4)}${cost.unpriced > 0 ? ` + ${cost.unpriced} of unknown price` : ''}`,
  ]);
  return [
    tableOf(['evaluator', 'cases', 'failed', 'kappa (95 %)', 'precision', 'recall', 'cost'], rows),
    ...versions.map(disagreements),
    ...flippedBetweenVersions.map(({ case: id, human, verdicts }) => {
      const said = Object.entries(verdicts).map(([evaluator, verdict]) => `${evaluator} ${verdict}`);
      return printable(`flipped between versions: ${id}: people ${human}; ${said.join(', ')}\n`);
    }),
  ].join('');
}

function disagreements({ evaluator, confusion, flippedBetweenVotes, results }: VersionReport): string {
  const { passPass, passFail, failPass, failFail } = confusion;
  const lines = [
    '',
    `${evaluator}           says pass  says fail`,
    `people say pass  ${String(passPass).padStart(9)}  ${String(passFail).padStart(9)}`,
    `people say fail  ${String(failPass).padStart(9)}  ${String(failFail).padStart(9)}`,
    ...results
      .filter(({ human, verdict }) => human !== verdict)
      .map(({ case: id, human, verdict, reasons, error }) =>
        error ? `  ${id}: ${error.message}` : `  ${id}: people ${human}, it ${verdict}: ${reasons[0] ?? ''}`,
      ),
    ...flippedBetweenVotes.map((id) => `  ${id}: flipped between votes`),
  ];
  return printable(`${lines.join('\n')}\n`);
}

function shown({ value, low, high }: Estimate): string {
  if (value === null) return 'undefined';
  return low === null || high === null
    ? value.toFixed(2)
    : `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
