import { Command, CommanderError } from 'commander';
import { apply } from './commands/apply.js';
import { batch } from './commands/batch.js';
import { budgets } from './commands/budgets.js';
import { catalog } from './commands/catalog.js';
import { deadLetters } from './commands/dead-letters.js';
import { definitionCommands } from './commands/definitions.js';
import { documents } from './commands/documents.js';
import { draft } from './commands/draft.js';
import { ledger } from './commands/ledger.js';
import { testCommand } from './commands/evaluator-tests.js';
import { history } from './commands/history.js';
import { lineage } from './commands/lineage.js';
import { rateLimits } from './commands/rate-limits.js';
import { recall } from './commands/recall.js';
import { results } from './commands/results.js';
import { reviews } from './commands/reviews.js';
import { router } from './commands/router.js';
import { run } from './commands/run.js';
import { cancel, pause, rerun, resume, retry } from './commands/run-commands.js';
import { runs } from './commands/runs.js';
import { scenario } from './commands/scenario.js';
import { schedule } from './commands/schedule.js';
import { show } from './commands/show.js';
import { sources } from './commands/sources.js';
import { trigger } from './commands/trigger.js';
import { up } from './commands/up.js';
import { validate } from './commands/validate.js';
import { work } from './commands/work.js';
import { workflows } from './commands/workflows.js';
import { EXIT } from './terminal/exit-codes.js';
import { explain } from './terminal/explain.js';

const program = new Command('duofactory')
  .description('Makes language-course content: workflows, runs and what they made')
  .configureHelp({ sortSubcommands: true })
  .exitOverride();
const commands = [
  ...[up, apply, validate, workflows, draft, run, runs, show, results, history, lineage],
  ...[cancel, pause, resume, retry, rerun, reviews, batch, schedule, trigger, work, deadLetters],
  ...[
    definitionCommands('prompts', 'prompt'),
    definitionCommands('evaluators', 'evaluator').addCommand(testCommand()),
  ],
  definitionCommands('golden-sets', 'golden-set'),
  ...[ledger, budgets, rateLimits, catalog, recall, sources],
  ...[documents, router, scenario],
];
for (const command of commands) program.addCommand(command);
for (const command of program.commands) {
  command.exitOverride();
  for (const inner of command.commands) inner.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // It has said what is wrong; asking for help is not wrong.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.invalid;
  } else {
    const { text, exitCode } = explain(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = exitCode;
  }
}
