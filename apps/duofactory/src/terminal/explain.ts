import { InvalidConfiguration, PartNotReached } from '@duofactory/platform';
import { ApiProblem, ServerAway } from '../client/api.js';
import { ContentRefused } from '../content/apply.js';
import { InvalidContentFile } from '../content/read-content.js';
import { AnotherHostRuns } from '../host/sole-host.js';
import { PortTaken } from '../host/start-host.js';
import { RefusedInPart, RunNotCompleted, TestBelowGate, UsageError } from './command-errors.js';
import { EXIT } from './exit-codes.js';
import { printable } from './printable.js';

/** What to print for an error, and what the process ends with. */
export function explain(error: unknown): { text: string; exitCode: number } {
  if (error instanceof RunNotCompleted)
    return { text: error.message, exitCode: error.status === 'partial' ? EXIT.runPartial : EXIT.runFailed };
  if (error instanceof TestBelowGate) return { text: printable(error.message), exitCode: EXIT.belowGate };
  if (error instanceof ServerAway) return { text: error.message, exitCode: EXIT.away };
  if (error instanceof ApiProblem) {
    const lines =
      error.errors.length > 0
        ? error.errors.map(({ field, message }) => `  ${field}: ${message}`)
        : [`  ${error.message}`];
    return {
      text: printable(
        `${error instanceof ContentRefused ? `${error.path}: refused` : 'Refused'} (${error.code}):\n${lines.join('\n')}`,
      ),
      exitCode: error.status < 500 ? EXIT.invalid : EXIT.failed,
    };
  }
  if (
    error instanceof UsageError ||
    error instanceof RefusedInPart ||
    error instanceof InvalidContentFile ||
    error instanceof InvalidConfiguration
  )
    return { text: printable(error.message), exitCode: EXIT.invalid };
  if (error instanceof AnotherHostRuns || error instanceof PortTaken || error instanceof PartNotReached)
    return { text: error.message, exitCode: EXIT.failed };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: printable(text), exitCode: EXIT.failed };
}
