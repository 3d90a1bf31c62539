import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The rules that ESLint reports when a file of the repository holds this text. */
function brokenRules(file: string, text: string): string[] {
  const args = ['node_modules/eslint/bin/eslint.js', '--stdin', '--stdin-filename', file, '--format', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, input: text, encoding: 'utf8' });
  if (!stdout.startsWith('[')) throw new Error(`ESLint did not run: ${stderr}`);
  const [report] = JSON.parse(stdout) as { messages: { ruleId: string }[] }[];
  return report!.messages.map(({ ruleId }) => ruleId);
}

describe('boundaries between the rooms', () => {
  it.each([
    [
      'the engine imports the bus',
      'libs/engine/src/keys.ts',
      '@duofactory/messaging',
      '@nx/enforce-module-boundaries',
    ],
    [
      'the contracts import the engine',
      'libs/contracts/src/json.ts',
      '@duofactory/engine',
      '@nx/enforce-module-boundaries',
    ],
    [
      "a service imports specs' parts",
      'services/orchestrator/src/main.ts',
      '@duofactory/testing',
      '@nx/enforce-module-boundaries',
    ],
    ['a service imports kafkajs', 'services/orchestrator/src/main.ts', 'kafkajs', 'no-restricted-imports'],
    [
      'a controller imports the store',
      'services/orchestrator/src/http/runs.controller.ts',
      '../store/runs.js',
      'no-restricted-imports',
    ],
  ])(
    'fails lint when %s',
    (_, file, imported, rule) => {
      expect(brokenRules(file, `import '${imported}';\n`)).toEqual([rule]);
    },
    60_000,
  );

  it('passes lint when a service imports the engine', () => {
    expect(brokenRules('services/orchestrator/src/main.ts', `import '@duofactory/engine';\n`)).toEqual([]);
  });
});
