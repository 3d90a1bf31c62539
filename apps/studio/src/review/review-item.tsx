import { Button, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Suspense, useEffect, useRef, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import { actingUser, headerOf } from '../api/acting-user.js';
import { api, type OpenReview } from '../api/client.js';
import { answer, ApiProblem, faultOf, ServerAway } from '../api/problem.js';
import { claimQuery, runQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { StatusMark } from '../frame/status-mark.js';
import { useKeptChoice } from '../values/kept.js';
import { keyText } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import { whenText } from '../values/time.js';
import { Assignment, mayDecide } from './assignment.js';
import { EditableText } from '../values/editable-text.js';
import { addGoldenCase, GoldenChoice, useGoldenSets } from './golden-choice.js';
import { speechOf, type Speech } from './speech.js';
import { useKeys } from '../frame/use-keys.js';
import { useTyping } from '../values/typing.js';
import { NO_WORK, placeOfWork, type Mode, type Work } from './work.js';

const AudioPlayer = lazyPart(() => import('./audio-player.js'));

type Result = Record<string, unknown>;

interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly comment?: string;
  readonly edits?: Result;
}

/** So long a decision may be taken back. */
export const UNDOABLE_SECONDS = 10;
/** Codes of a claim that asking again does not mend. */
const REFUSED_TO_ME = new Set(['claimed', 'not-assigned']);
/** What was typed for it is there a little longer: taken back at the last moment, it is all as it was. */
const KEPT_MS = (UNDOABLE_SECONDS + 60) * 1000;

const decideReview = (task: string, decision: Decision): Promise<OpenReview> =>
  answer(
    api.POST('/api/reviews/{task}/decision', {
      params: { path: { task } },
      body: { ...decision, undoableSeconds: UNDOABLE_SECONDS },
    }),
  );

/**
 * One payload to decide about, by buttons or by keys. What is typed stays until the server has taken it, also while
 * another review is looked at. One that somebody decided meanwhile stays in sight, and no key decides anything.
 */
export function ReviewItem(of: {
  review: OpenReview;
  onDecided: (word: string, tasks: readonly string[]) => void;
  onStep: (step: number) => void;
  /** Other samples wait beside it. */
  onCompare: (() => void) | undefined;
}) {
  const { review, onDecided, onStep, onCompare } = of;
  const { task, run, block, key, title, edits: editable, payload, createdAt, dueAt } = review;
  const before = editable === null ? undefined : wholeResult(payload[editable]);
  const [work, setWork, forgetWork] = useTyping<Work>(placeOfWork(task), () => NO_WORK);
  const { edited = before, corrections, reason, comment } = work;
  const [spokenAgain, setSpokenAgain] = useState<number>();
  const change = (part: Partial<Work>): void => setWork((known) => ({ ...known, ...part }));
  const settled = settledWord(review);
  const me = useKeptChoice(actingUser);
  const isForOthers = !mayDecide(review.assignees, me);
  const claim = useClaim(task, settled === undefined && !isForOthers);
  /** Somebody else looks at it, or it is for others: what is done here would be refused, and paid for in vain. */
  const isOthers = isForOthers || (claim.error instanceof ApiProblem && REFUSED_TO_ME.has(claim.error.code));
  const mode = isForOthers ? 'read' : work.mode;
  const place = useRef<HTMLElement>(null);
  // The next one takes the keys where the last one had them.
  useEffect(() => place.current?.focus(), []);
  const [entered, setEntered] = useState(0);
  useEffect(() => {
    if (entered > 0) place.current?.querySelector<HTMLElement>('textarea')?.focus();
  }, [entered]);
  /** By a key or a button; what is there again after a reload leaves the keys to the screen. */
  const enter = (next: Exclude<Mode, 'read'>): void => {
    change({ mode: next });
    setEntered(entered + 1);
  };
  const isEdited = work.edited !== undefined;
  const golden = useGoldenSets();
  const [isGolden, setGolden] = useState(false);
  const ofRun = useQuery({ ...runQuery(run), enabled: isGolden }).data?.inputs['course'];
  const [typedCourse, setCourse] = useState<string>();
  const course = typedCourse ?? (typeof ofRun === 'string' ? ofRun : '');
  const toggleGolden = (): void => setGolden(!isGolden);
  const mayBeGolden = settled === undefined && !isForOthers && golden.chosen !== undefined;
  const decide = useMutation({
    mutationFn: async (body: Decision) => {
      // Before it: decided anew, the case is replaced, and what could not be put there stays here.
      if (isGolden && golden.chosen !== undefined)
        await addGoldenCase(golden.chosen, {
          ...{
            task,
            verdict: body.decision === 'approve' ? 'pass' : 'fail',
            note: body.comment ?? '',
            course: course.trim(),
          },
          given: { ...payload, ...(editable !== null && body.edits ? { [editable]: body.edits } : {}) },
        });
      return decideReview(task, body);
    },
    onSuccess: (_, { decision, edits }) => {
      forgetWork(KEPT_MS);
      onDecided(decision === 'reject' ? 'Rejected' : edits ? 'Accepted as edited' : 'Accepted', [task]);
    },
  });
  const reject = (): void => decide.mutate({ decision: 'reject', comment: reason.trim() });
  const canReject = reason.trim() !== '';
  const shown = editable ?? Object.keys(payload).at(-1) ?? '';
  const speech = speechOf(edited ?? payload[shown]);
  const unspoken = settled === undefined ? unspokenLines(speech, corrections) : [];
  /** Said where its field is not seen: accepted by a key, it goes along. */
  const goesAlong = mode === 'read' || mode === 'edit' ? comment.trim() : '';
  /** Not over a line that is corrected and would go out as it was. */
  const accept = (): void => {
    if (unspoken.length > 0) place.current?.querySelector<HTMLElement>('.correct input')?.focus();
    else
      decide.mutate({
        decision: 'approve',
        ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
        ...(isEdited && edited ? { edits: edited } : {}),
      });
  };
  const heard = speech ? undefined : Object.values(payload).map(speechOf).findLast(Boolean);
  // Lines of an episode are corrected one by one, where they are heard.
  const canEdit = edited !== undefined && !speech;
  const edit = (): void => {
    if (canEdit && settled === undefined && !isForOthers) enter('edit');
  };
  const back = (): void => {
    if (mode !== 'read') change({ mode: 'read' });
    place.current?.focus();
  };
  /** In the order of their buttons, each by its number from 2; 1 accepts. */
  const others = [
    ...(canEdit ? [{ label: 'Edit and accept', act: edit }] : []),
    { label: 'Reject with reason', act: () => enter('reject') },
    { label: 'Comment', act: () => enter('comment') },
    { label: 'Skip', act: () => onStep(1) },
    ...(onCompare ? [{ label: 'Side by side', act: onCompare }] : []),
  ];
  const numbered =
    mode === 'read' && settled === undefined && !isOthers && !decide.isPending
      ? [accept, ...others.map(({ act }) => act)].map((act, i) => [String(i + 1), act] as const)
      : [];
  useKeys({
    ...Object.fromEntries(numbered),
    'ctrl+Enter': () => {
      if (decide.isPending || settled !== undefined || isOthers) return;
      if (mode !== 'reject') accept();
      else if (canReject) reject();
    },
    Escape: back,
    e: edit,
    ...(settled === undefined && !isForOthers ? { r: () => enter('reject'), c: () => enter('comment') } : {}),
    ...(onCompare ? { b: onCompare } : {}),
    ...(mayBeGolden ? { g: toggleGolden } : {}),
    s: () => onStep(1),
    j: () => onStep(1),
    k: () => onStep(-1),
    // Up and down scroll what is long; where something is heard, all four are the player's.
    ...(speech || heard ? {} : { ArrowRight: () => onStep(1), ArrowLeft: () => onStep(-1) }),
  });
  const context = Object.entries(payload).filter(([name]) => name !== shown);
  return (
    <section className="panel" aria-label={title ?? block} tabIndex={-1} ref={place}>
      <header>
        <h2>{title ?? block}</h2>
        {settled === undefined && <StatusMark word="In review" />}
        <span className="quiet">
          {keyText(key)}; since {whenText(createdAt)}
          {dueAt !== null && `, until ${whenText(dueAt)}`}
        </span>
        {settled === undefined && <Assignment review={review} />}
        <span className="end">
          <Link to="/runs/$id" params={{ id: run }} search={{ view: 'lineage', block: shown, key }}>
            Lineage
          </Link>
        </span>
      </header>
      <div className="inside review">
        <div className="value content">
          <h3>{shown}</h3>
          {(speech ?? heard) && (
            <Suspense fallback={<div className="skeleton" />}>
              <AudioPlayer
                speech={(speech ?? heard)!}
                playFirst={spokenAgain}
                correcting={
                  speech && edited && settled === undefined && !isOthers
                    ? {
                        typed: corrections,
                        type: (line, text) =>
                          setWork((known) => ({
                            ...known,
                            corrections: withCorrection(known.corrections, line, text),
                          })),
                        onSpoken: (spoken, line) => {
                          setWork((known) => ({
                            ...known,
                            edited: { ...(known.edited ?? before), ...spoken },
                            corrections: withCorrection(known.corrections, line, undefined),
                          }));
                          setSpokenAgain(line);
                          place.current?.focus();
                        },
                        onLeave: () => place.current?.focus(),
                      }
                    : undefined
                }
              />
            </Suspense>
          )}
          {speech ? null : mode === 'edit' ? (
            <EditableText
              value={edited}
              path={shown}
              faultAt={(path) => faultOf(decide.error, path.replace(shown, 'edits'))}
              onChange={(value) => change({ edited: value as Result })}
            />
          ) : (
            <ReadableValue value={edited ?? payload[shown]} />
          )}
        </div>
        <div className="value beside">
          {context.reverse().map(([name, value], i) => (
            <details key={name} open={i === 0}>
              <summary>{name}</summary>
              <ReadableValue value={value} />
            </details>
          ))}
        </div>
      </div>
      <footer className="inside decide">
        {mode === 'reject' && (
          <Textarea
            label="Reason"
            description="What is wrong with it; Ctrl+Enter rejects"
            rows={2}
            value={reason}
            onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
          />
        )}
        {mode === 'comment' && (
          <Textarea
            label="Comment"
            description="It goes with the acceptance; Ctrl+Enter accepts"
            rows={2}
            value={comment}
            onChange={({ currentTarget }) => change({ comment: currentTarget.value })}
          />
        )}
        {settled !== undefined && (
          <div className="notice calm" role="alert">
            <span>{settled} Nothing that you do here decides it any more.</span>
            <Button size="compact-xs" variant="default" onClick={() => onStep(1)}>
              To the next one
            </Button>
          </div>
        )}
        {unspoken.length > 0 && (
          <div className="notice calm" role="status">
            {unspoken.length === 1
              ? `Line ${unspoken[0]! + 1} is corrected and not spoken yet: speak it again, or take the correction back, then accept.`
              : `Lines ${unspoken.map((line) => line + 1).join(', ')} are corrected and not spoken yet: speak them again, or take the corrections back, then accept.`}
          </div>
        )}
        {settled === undefined && isForOthers ? (
          <div className="notice calm" role="alert">
            <span>
              It is for {review.assignees.join(', ')}, not for {me}. Nothing is decided or spoken here.
            </span>
            <Button size="compact-xs" variant="default" onClick={() => onStep(1)}>
              To the next one
            </Button>
          </div>
        ) : settled === undefined && isOthers ? (
          <div className="notice calm" role="alert">
            <span>{claim.error?.message}. Nothing is decided or spoken here meanwhile.</span>
            <Button size="compact-xs" variant="default" onClick={() => void claim.refetch()}>
              Look again
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => onStep(1)}>
              To the next one
            </Button>
          </div>
        ) : (
          settled === undefined &&
          claim.error && <Failure error={claim.error} onRetry={() => void claim.refetch()} />
        )}
        {decide.error instanceof ServerAway ? (
          <div className="notice calm" role="alert">
            The server was not reached, so that nothing is decided: it is all still here, decide again.
          </div>
        ) : (
          decide.error && <Failure error={decide.error} />
        )}
        {mayBeGolden && (
          <GoldenChoice
            isOn={isGolden}
            onToggle={toggleGolden}
            sets={golden}
            course={course}
            onCourse={setCourse}
          />
        )}
        {settled === undefined && !isForOthers && goesAlong !== '' && (
          <div className="notice calm" role="status">
            Goes with the acceptance: {goesAlong}
          </div>
        )}
        {settled === undefined && !isForOthers && (
          <div className="buttons">
            {mode === 'reject' ? (
              <Button
                color="red.9"
                loading={decide.isPending}
                disabled={!canReject || isOthers}
                onClick={reject}
              >
                Reject
              </Button>
            ) : (
              <Button loading={decide.isPending} disabled={unspoken.length > 0 || isOthers} onClick={accept}>
                {mode === 'read' && <kbd aria-hidden="true">1</kbd>}{' '}
                {isEdited || mode === 'edit' ? 'Accept as edited' : 'Accept'}
              </Button>
            )}
            {mode !== 'read' && (
              <Button variant="default" onClick={back}>
                Back
              </Button>
            )}
            {mode === 'read' && (
              <>
                {others.map(({ label, act }, i) => (
                  <Button key={label} variant="default" onClick={act}>
                    <kbd aria-hidden="true">{i + 2}</kbd> {label}
                  </Button>
                ))}
              </>
            )}
            <span className="quiet wide-only">
              Keys: the numbers on the buttons; Ctrl+Enter accepts, {canEdit && 'E edits, '}R rejects, C
              comments, S skips, {onCompare && 'B compares, '}
              {mayBeGolden && 'G makes it a case of a golden set, '}J and K{' '}
              {!(speech || heard) && 'or Right and Left '}step, Esc goes back
            </span>
          </div>
        )}
      </footer>
    </section>
  );
}

/** What became of a review that waits no more; undefined: it waits. */
function settledWord({ status, decision, undoableUntil }: OpenReview): string | undefined {
  if (status === 'open' && undoableUntil === null) return undefined;
  if (status === 'expired') return 'Nobody decided in time.';
  const by = typeof decision?.['by'] === 'string' ? decision['by'] : 'Somebody';
  return `${by} ${decision?.['decision'] === 'rejected' ? 'rejected' : 'approved'} this meanwhile.`;
}

/** Had as long as it is on the screen. */
function useClaim(task: string, isWaiting: boolean) {
  const by = useKeptChoice(actingUser);
  useEffect(() => {
    // As whoever had it; and the page may go: the browser sends it all the same.
    const leave = (): Promise<unknown> =>
      api
        .DELETE('/api/reviews/{task}/claim', {
          params: { path: { task } },
          headers: { 'X-DuoFactory-User': headerOf(by) },
          keepalive: true,
        })
        .catch(() => undefined);
    const leaveAtOnce = (): void => void leave();
    window.addEventListener('pagehide', leaveAtOnce);
    return () => {
      window.removeEventListener('pagehide', leaveAtOnce);
      // Under another name it is claimed anew.
      void leave().then(() => queryClient.invalidateQueries({ queryKey: ['review-claim', task] }));
    };
  }, [task, by]);
  return useQuery({ ...claimQuery(task, by), enabled: isWaiting });
}

/** Places of lines whose correction nobody has spoken. */
function unspokenLines(speech: Speech | undefined, corrections: Work['corrections']): readonly number[] {
  const asked = speech?.asked?.lines ?? [];
  return asked.flatMap(({ text }, line) => ((corrections[line] ?? text) === text ? [] : [line]));
}

function withCorrection(
  known: Work['corrections'],
  line: number,
  text: string | undefined,
): Work['corrections'] {
  const { [line]: _, ...others } = known;
  return text === undefined ? others : { ...others, [line]: text };
}

/** One that is kept by reference is not here to be edited. */
function wholeResult(value: unknown): Result | undefined {
  return typeof value === 'object' && value !== null && !('ref' in value) ? (value as Result) : undefined;
}
