import { readTraceparent, type Span, type Tracing } from '@duofactory/platform';

/** What a run's row keeps, so that its trace goes on in whichever process goes on with it. */
export interface TracedRun {
  /** Of the run: what its messages carry, or stand below. Null: nobody traces it. */
  readonly traceparent: string | null;
  /** Of the request or event that started it. */
  readonly tracedBy: string | null;
}

interface RunToTell extends TracedRun {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly status: string;
  readonly createdAt: Date;
}

/** A span links no more causes than this; the attempts themselves are all in the trace. */
const MOST_LINKS = 32;

/**
 * One trace a run: below what started it stands a span for the whole run, below that one for each transaction that went
 * on with it, linked to the attempts whose outcomes it took in, and below those the attempts that it asked for. The
 * run's span is told at its end; its identity comes from the run's id, so that everything can stand below it before.
 */
export class RunTraces {
  constructor(private readonly tracing: Tracing) {}

  begin(run: { id: string; workflow: string }, caller: string | undefined): TracedRun {
    const tracedBy = readTraceparent(caller) ? caller! : null;
    if (!this.tracing.on) return { traceparent: tracedBy, tracedBy: null };
    const { traceparent = null } = this.#spanOf(run, tracedBy);
    return { traceparent, tracedBy };
  }

  /** A transaction goes on with a run. */
  advance({ id, traceparent }: { id: string; traceparent: string }, causes: readonly string[]): Span {
    return this.tracing.span('advance run', {
      parent: traceparent,
      links: causes.slice(0, MOST_LINKS),
      attributes: { 'duofactory.run': id, 'duofactory.outcomes': causes.length },
    });
  }

  ended(run: RunToTell, endedAt: Date): void {
    const { id, workflow, version, status, traceparent, tracedBy, createdAt } = run;
    if (!this.tracing.on || readTraceparent(traceparent ?? undefined)?.spanId !== spanIdOf(id)) return;
    const span = this.#spanOf({ id, workflow }, tracedBy, createdAt);
    span.set({
      'duofactory.run': id,
      'duofactory.workflow': workflow,
      'duofactory.version': version,
      'duofactory.status': status,
    });
    if (status === 'failed') span.fail(status);
    span.end(endedAt);
  }

  #spanOf(
    { id, workflow }: { id: string; workflow: string },
    tracedBy: string | null,
    startedAt?: Date,
  ): Span {
    return this.tracing.span(`run ${workflow}`, {
      parent: tracedBy ?? undefined,
      identity: { traceId: id.replaceAll('-', ''), spanId: spanIdOf(id) },
      ...(startedAt ? { startedAt } : {}),
    });
  }
}

/** The latter half of a UUID is never zero. */
function spanIdOf(run: string): string {
  return run.replaceAll('-', '').slice(16);
}
