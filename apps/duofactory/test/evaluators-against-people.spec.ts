import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { applyAll } from '../src/commands/apply.js';
import { testCommand } from '../src/commands/evaluator-tests.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { TestBelowGate } from '../src/terminal/command-errors.js';
import { explain } from '../src/terminal/explain.js';
import { written } from './command-line.js';
import { applyShipped } from './episodes.js';

interface Version {
  readonly evaluator: string;
  readonly cases: number;
  readonly failed: number;
  readonly kappa: { value: number; low: number; high: number };
}

describe('the evaluators of DuoRadio, against what people say', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let host: Host;

  const test = (...args: string[]) => written(testCommand(), [...args, '--url', host.url]);
  const versions = async (...args: string[]): Promise<Version[]> =>
    (JSON.parse(await test(...args, '--json')) as { report: { versions: Version[] } }).report.versions;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-golden-'));
    host = await startHost({
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'silent',
    });
    await applyShipped(new Api(host.url));
  });

  afterAll(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('answer every case, and the rules agree with people as far as rules can', async () => {
    const all = await versions('duoradio');

    expect(all.map(({ evaluator, failed }) => [evaluator, failed])).toEqual([
      ['naturalness@1', 0],
      ['coherence@1', 0],
      ['level@1', 0],
      ['answerable@1', 0],
      ['distinct-options@1', 0],
    ]);
    expect(all.slice(0, 3).map(({ cases }) => cases)).toEqual([41, 41, 41]);
    const kappas = Object.fromEntries(all.map(({ evaluator, kappa }) => [evaluator, kappa.value]));
    expect(kappas['level@1']).toBeGreaterThan(0.6);
    expect(kappas['answerable@1']).toBeGreaterThan(0.8);
    expect(kappas['distinct-options@1']).toBeGreaterThan(0.8);
    for (const { kappa } of all) expect(kappa.low <= kappa.value && kappa.value <= kappa.high).toBe(true);
  });

  it('pass a gate or end with code 6, and say which cases people see otherwise', async () => {
    const passed = await test('duoradio', '--evaluator', 'answerable', '--min-kappa', '0.8');
    // The offline model measures form and understands nothing.
    const refused = test('duoradio', '--evaluator', 'naturalness', '--min-kappa', '0.95');

    await expect(refused).rejects.toThrow(/naturalness@1 agrees with people by kappa/);
    expect(explain(new TestBelowGate('')).exitCode).toBe(6);
    expect(passed).toContain('people say pass');
    // The last of several is the one that counts.
    const both = (...two: string[]) => test('duoradio', '--evaluator', ...two, '--min-kappa', '0.8');
    await expect(both('answerable', 'naturalness')).rejects.toThrow(/naturalness@1 agrees/);
    expect(await both('naturalness', 'answerable')).toContain('answerable@1');
    await expect(test('duoradio', '--min-kappa', 'high')).rejects.toThrow('--min-kappa is "high"');
    await expect(test('none')).rejects.toMatchObject({ code: 'unknown-golden-set' });
  });

  it('by a sheet, too', async () => {
    await writeFile(
      join(folder, 'cases.csv'),
      'id,verdict,script.lines\nshort,pass,"Ana: ¡Hola!\nLuis: ¡Buenas!"\nlong,fail,"Ana: ¡Hola!\nLuis: ¿Qué hay?\nAna: Nada nuevo."\n',
    );
    const set = join(folder, 'of-a-sheet.yaml');
    await writeFile(set, 'kind: golden-set\nid: of-a-sheet\nevaluators: [two-lines]\nfile: cases.csv\n');
    const evaluator = join(folder, 'two-lines.yaml');
    await writeFile(
      evaluator,
      "kind: evaluator\nid: two-lines\ntype: rule\npassAt: 1\nwith: { rules: [{ use: line-count, lines: '{{script.lines}}', min: 1, max: 2 }] }\n",
    );
    const apply = async () =>
      (await applyAll(new Api(host.url), [set, evaluator], () => undefined)).map(({ created }) => created);

    expect([await apply(), await apply()]).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(await versions('of-a-sheet')).toMatchObject([{ cases: 2, kappa: { value: 1 } }]);
  });
});
