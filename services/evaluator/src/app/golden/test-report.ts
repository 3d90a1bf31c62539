import { spentOn, type Usage } from '@duofactory/contracts';
import {
  agreementOf,
  proportion,
  type Agreement,
  type Estimate,
  type Verdict,
  type VerdictPair,
} from './agreement.js';

/** What one evaluator version said of one case. */
export interface CaseResult {
  readonly case: string;
  readonly human: Verdict;
  readonly course?: string;
  /** The day on which the person judged. */
  readonly judgedOn?: string;
  /** null: it did not answer. */
  readonly verdict: Verdict | null;
  readonly score: number | null;
  readonly reasons: readonly string[];
  /** Every vote by itself, of every time it was asked. */
  readonly votes: readonly number[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface VersionReport extends Agreement {
  /** `naturalness@3` */
  readonly evaluator: string;
  /** Cases without an answer: in no figure. */
  readonly failed: number;
  /** Cases whose votes do not all fall on one side of the threshold. */
  readonly flippedBetweenVotes: readonly string[];
  readonly cost: {
    readonly amount: number;
    readonly currency: 'USD';
    /** Calls without a known price: not in the amount. */
    readonly unpriced: number;
    /** What answers that were there already would have cost. */
    readonly saved: number;
  };
  readonly results: readonly CaseResult[];
}

export interface TestReport {
  readonly versions: readonly VersionReport[];
  /** Cases of which versions of one evaluator say different things, with what each says. */
  readonly flippedBetweenVersions: readonly {
    readonly case: string;
    readonly human: Verdict;
    readonly verdicts: Readonly<Record<string, Verdict>>;
  }[];
}

export function versionReport(of: {
  evaluator: string;
  passAt: number;
  results: readonly CaseResult[];
  usage: readonly Usage[];
}): VersionReport {
  const answered = of.results.filter((one) => one.verdict !== null);
  const { paid, saved, unpriced } = spentOn(of.usage);
  return {
    evaluator: of.evaluator,
    failed: of.results.length - answered.length,
    ...agreementOf(answered.map(({ human, verdict }) => ({ human, judge: verdict! }))),
    flippedBetweenVotes: of.results.filter(({ votes }) => isTorn(votes, of.passAt)).map((one) => one.case),
    cost: { amount: paid, currency: 'USD', unpriced, saved },
    results: of.results,
  };
}

export function testReport(versions: readonly VersionReport[]): TestReport {
  const said = new Map<string, TestReport['flippedBetweenVersions'][number]>();
  for (const { evaluator, results } of versions)
    for (const { case: id, human, verdict } of results) {
      if (verdict === null) continue;
      const name = `${evaluator.split('@')[0]} ${id}`;
      const verdicts = { ...said.get(name)?.verdicts, [evaluator]: verdict };
      said.set(name, { case: id, human, verdicts });
    }
  return {
    versions,
    flippedBetweenVersions: [...said.values()].filter(
      ({ verdicts }) => new Set(Object.values(verdicts)).size > 1,
    ),
  };
}

/** What a version would say of the same answers with another threshold. */
export interface AgreementAt extends Agreement {
  readonly evaluator: string;
  readonly passAt: number;
  /** How many cases would pass. */
  readonly passes: number;
  /** The evaluator would pass them, people do not; the highest score first. */
  readonly falsePasses: readonly CaseResult[];
  /** People pass them, the evaluator would not; the lowest score first. */
  readonly falseFails: readonly CaseResult[];
  /** Cases whose verdict it would change. */
  readonly changed: readonly string[];
  readonly flips: Flips;
  /** Of the cases that say of which course they are, by its name. */
  readonly byCourse: readonly AgreementPart[];
  /** Of the cases that say when they were judged, by the week, such as `2030-W05`. */
  readonly byWeek: readonly AgreementPart[];
}

/** How often it changes its mind: its answers to one question lie on both sides of the threshold. */
export interface Flips {
  /** Cases of which it was asked more than once. */
  readonly cases: number;
  readonly flipped: readonly CaseResult[];
  readonly rate: Estimate;
}

export type AgreementPart = Agreement & { readonly name: string };

export function agreementAt({ evaluator, results }: VersionReport, passAt: number): AgreementAt {
  const answered = results.flatMap((one): AnsweredCase[] =>
    one.score === null ? [] : [{ ...one, score: one.score, verdict: verdictAt(one.score, passAt) }],
  );
  const repeated = answered.filter(({ votes }) => votes.length > 1);
  const flipped = repeated.filter(({ votes }) => isTorn(votes, passAt));
  const before = new Map(results.map((one) => [one.case, one.verdict]));
  const byScore = answered.toSorted((a, b) => a.score - b.score);
  return {
    ...{ evaluator, passAt },
    ...agreementOf(answered.map(pairOf)),
    passes: answered.filter(({ verdict }) => verdict === 'pass').length,
    falsePasses: byScore.filter(({ human, verdict }) => verdict === 'pass' && human === 'fail').toReversed(),
    falseFails: byScore.filter(({ human, verdict }) => verdict === 'fail' && human === 'pass'),
    changed: answered.filter((one) => before.get(one.case) !== one.verdict).map((one) => one.case),
    flips: { cases: repeated.length, flipped, rate: proportion(flipped.length, repeated.length) },
    byCourse: partsBy(answered, ({ course }) => course),
    byWeek: partsBy(answered, ({ judgedOn }) => judgedOn && isoWeek(judgedOn)),
  };
}

type AnsweredCase = CaseResult & { readonly score: number; readonly verdict: Verdict };

const pairOf = ({ human, verdict }: AnsweredCase): VerdictPair => ({ human, judge: verdict });

function partsBy(
  answered: readonly AnsweredCase[],
  nameOf: (one: AnsweredCase) => string | undefined,
): AgreementPart[] {
  const named = Map.groupBy(answered, (one) => nameOf(one) ?? '');
  named.delete('');
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, cases]) => ({ name, ...agreementOf(cases.map(pairOf)) }));
}

const DAY_MS = 86_400_000;

/** ISO 8601: a week belongs to the year that has its Thursday. */
function isoWeek(day: string): string {
  const at = new Date(day);
  const thursday = new Date(at.getTime() + (4 - (at.getUTCDay() || 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

function isTorn(votes: readonly number[], passAt: number): boolean {
  return new Set(votes.map((vote) => vote >= passAt)).size > 1;
}

function verdictAt(score: number, passAt: number): Verdict {
  return score >= passAt ? 'pass' : 'fail';
}
