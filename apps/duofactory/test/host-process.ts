import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Api } from '../src/client/api.js';

const root = resolve(import.meta.dirname, '../../..');
const NODE = resolve(root, 'node_modules/.bin/node');

export interface Spawned {
  readonly child: ChildProcess;
  readonly output: string[];
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
}

/** A built script of the repository as a process of its own, its output kept. */
export function launch(script: string, args: readonly string[], env: NodeJS.ProcessEnv): Spawned {
  const child = spawn(NODE, [resolve(root, script), ...args], {
    env: { ...process.env, DUOFACTORY_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => output.push(line));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output, ended };
}

/** The all-in-one host as a process; resolves when it answers. */
export async function launchHost(env: NodeJS.ProcessEnv): Promise<Spawned & { api: Api; url: string }> {
  const spawned = launch('apps/duofactory/dist/main.js', ['up'], { DUOFACTORY_HTTP_PORT: '0', ...env });
  const url = await new Promise<string>((found, failed) => {
    createInterface({ input: spawned.child.stdout! }).on('line', (line) => {
      const match = /answers at (http:\S+)\/api/.exec(line);
      if (match) found(match[1]!);
    });
    spawned.ended.then(
      (code) => failed(new Error(`The host ended with ${code}:\n${spawned.output.join('\n')}`)),
      failed,
    );
  });
  return { ...spawned, api: new Api(url), url };
}

/** Where a lone service answers: it says so in its log, at level `info`. */
export async function servingAt({ child, ended, output }: Spawned): Promise<string> {
  return new Promise((found, failed) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const match = /"url":"(http:[^"]+)".*"msg":"serving"/.exec(line);
      if (match) found(match[1]!);
    });
    ended.then((code) => failed(new Error(`It ended with ${code}:\n${output.join('\n')}`)), failed);
  });
}

/** Says what a process that ended left, as long as all of them should run. */
export function endedAmong(started: readonly Spawned[]): () => string | undefined {
  return () => {
    const gone = started.find(({ child }) => child.exitCode !== null);
    return gone && `A process ended: ${gone.output.join('\n')}`;
  };
}

export async function stop({ child, ended }: Spawned, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  child.kill(signal);
  await ended;
}
