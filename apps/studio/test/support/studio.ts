import { AxeBuilder } from '@axe-core/playwright';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';

const root = resolve(import.meta.dirname, '../../../..');
const HOST = resolve(root, 'apps/duofactory/dist/main.js');
const NODE = resolve(root, 'node_modules/.bin/node');
const WITHOUT_CALLS_HOME = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Ends what hangs. Two busy cores start a browser and a host within it, many times over. */
export const PATIENCE_MS = 120_000;

/** Specs of the studio; skipped where no Chromium is: `npm test` says so, once. */
export const describeInBrowser = findChromium() === undefined ? describe.skip : describe;

export interface Studio {
  readonly url: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** The API, past the studio: to bring about what a screen is to show. */
  api<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  /** Ends the host as a crash does. */
  kill(): Promise<void>;
  /** The host again, at the same address, on the same data. */
  restart(): Promise<void>;
}

/** The built host on a fresh database, and a page of a browser, for one spec file. */
export function useStudio(env: () => NodeJS.ProcessEnv = () => ({})): Studio {
  const database = useEmptyDatabase();
  let folder: string;
  let host: Host;
  let port = '0';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  const start = async (): Promise<void> => {
    host = await startHost({
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: port,
      ...env(),
    });
    port = new URL(host.url).port;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-studio-'));
    [browser] = await Promise.all([
      chromium.launch({ executablePath: findChromium()!, args: WITHOUT_CALLS_HOME, timeout: PATIENCE_MS }),
      start(),
    ]);
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
  }, 2 * PATIENCE_MS);

  afterAll(async () => {
    await browser?.close();
    await host?.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }, PATIENCE_MS);

  return {
    get url() {
      return host.url;
    },
    get page() {
      return page;
    },
    get context() {
      return context;
    },
    api: async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await fetch(`${host.url}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return JSON.parse(text) as T;
    },
    kill: () => host.end('SIGKILL'),
    restart: start,
  };
}

interface Host {
  readonly url: string;
  end(signal: NodeJS.Signals): Promise<void>;
}

async function startHost(env: NodeJS.ProcessEnv): Promise<Host> {
  const child: ChildProcess = spawn(NODE, [HOST, 'up'], {
    env: { ...process.env, DUOFACTORY_LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const output: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => output.push(line));
  const url = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      output.push(line);
      const match = /answers at (http:\S+)\/api/.exec(line);
      if (match) found(match[1]!);
    });
    void ended.then(() => failed(new Error(`The host ended:\n${output.join('\n')}`)));
  });
  return {
    url,
    end: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No violation of WCAG 2.2 AA on what the page shows now, in both themes: what differs between them is colour. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
    const axe = new AxeBuilder({ page });
    const { violations } = await (
      scheme === 'dark' ? axe.withRules(['color-contrast']) : axe.withTags(WCAG)
    ).analyze();
    expect(
      violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, any: [why] }) => {
          const beside = why?.relatedNodes?.map((node) => node.html.slice(0, 200)).join(' ') ?? '';
          return `${id} (${scheme}): ${html.slice(0, 300)} ${why?.message ?? ''} ${beside}`;
        }),
      ),
    ).toEqual([]);
  }
}

/** Some of it, within whatever scrolls around it. */
export function isInSight(part: Locator): Promise<boolean> {
  return part.evaluate(
    (element) =>
      new Promise<boolean>((seen) => {
        new IntersectionObserver(([entry]) => seen(entry!.isIntersecting)).observe(element);
      }),
  );
}
