import type { PromptDefinition } from '@duofactory/contracts';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { DefinitionLibrary, SystemClock, Transactions, type Database } from '@duofactory/platform';
import { quietLog } from '@duofactory/testing';
import { promptKind, type PromptLibrary } from '../src/app/prompt-kind.js';

export function libraryOf(database: Database): PromptLibrary {
  return new DefinitionLibrary(promptKind, database, transactionsOf(database), new SystemClock());
}

export function transactionsOf(database: Database): Transactions {
  const outbox = new Outbox();
  const bus = new LocalBus({ log: quietLog });
  const relay = new OutboxRelay({ bus, outbox, sql: database, log: quietLog });
  return new Transactions('llm-runner', database, outbox, relay, new SystemClock());
}

export function aPrompt(over: Partial<PromptDefinition> & { id: string }): PromptDefinition {
  return {
    kind: 'prompt',
    model: { name: 'default' },
    steps: [{ type: 'user', text: 'Say hello.' }],
    output: 'text',
    ...over,
  };
}
