import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SpeechCrashed } from '../../app/speech-failure.js';
import type { EspeakAnswer, EspeakAsk } from './protocol.js';

export interface EspeakHostOptions {
  packageName: string;
  /** A process that is silent for so long over one text is stopped. */
  textTimeoutMs: number;
  /** How often a text that ended its process is given to a new one. */
  restartsPerText: number;
  /** After so many texts the process makes way for a new one: WebAssembly memory is given back late. */
  textsPerProcess: number;
  /** A process without work for so long is stopped. */
  idleMs: number;
}

/**
 * Owns the engine's process: starts it when there is work, gives it one text at a time in order, replaces it when it
 * dies. `stop()` ends it; it also ends by itself with this process.
 */
export class EspeakHost {
  private child: ChildProcess | undefined;
  private asked = 0;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idle: NodeJS.Timeout | undefined;
  private nextId = 1;

  constructor(private readonly options: EspeakHostOptions) {}

  /** Throws SpeechCrashed, or the signal's reason. */
  ask(question: Omit<EspeakAsk, 'id'>, signal: AbortSignal): Promise<EspeakAnswer> {
    this.waiting += 1;
    clearTimeout(this.idle);
    const answer = this.turn.then(() => this.askInTurn(question, signal));
    this.turn = answer.then(
      () => this.turnEnded(),
      () => this.turnEnded(),
    );

    return answer;
  }

  stop(): void {
    clearTimeout(this.idle);
    this.end(this.child);
  }

  private async askInTurn(question: Omit<EspeakAsk, 'id'>, signal: AbortSignal): Promise<EspeakAnswer> {
    let cause: unknown;
    for (let started = 0; started <= this.options.restartsPerText; started += 1) {
      signal.throwIfAborted();
      try {
        return await this.askOnce({ ...question, id: this.nextId++ }, signal);
      } catch (error) {
        if (!(error instanceof ProcessEnded)) throw error;
        cause = error;
      }
    }

    throw new SpeechCrashed(
      `espeak's process ended ${this.options.restartsPerText + 1} times over "${question.text}".`,
      { cause },
    );
  }

  private askOnce(ask: EspeakAsk, signal: AbortSignal): Promise<EspeakAnswer> {
    const child = this.running();
    this.asked += 1;

    return new Promise((resolve, reject) => {
      const onMessage = (message: EspeakAnswer) => {
        if (message.id === ask.id) settle(() => resolve(message));
      };
      const onEnd = () => settle(() => reject(new ProcessEnded('The process ended.')));
      const onTimeout = () => {
        this.end(child);
        settle(() => reject(new ProcessEnded(`No answer in ${this.options.textTimeoutMs} ms.`)));
      };
      // The process is in the middle of a text and takes no other: a new one is sooner ready.
      const onAbort = () => {
        this.end(child);
        settle(() => reject(signal.reason as Error));
      };
      const timer = setTimeout(onTimeout, this.options.textTimeoutMs);
      const settle = (act: () => void) => {
        clearTimeout(timer);
        child.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
        signal.removeEventListener('abort', onAbort);
        act();
      };

      child.on('message', onMessage).on('exit', onEnd).on('error', onEnd);
      signal.addEventListener('abort', onAbort, { once: true });
      child.send(ask, (error) => {
        if (error) onEnd();
      });
    });
  }

  private running(): ChildProcess {
    if (this.child && this.asked < this.options.textsPerProcess) return this.child;
    this.end(this.child);

    // The sources run as they are under Node's type stripping; the build has JavaScript beside this file.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const child = fork(
      fileURLToPath(new URL(`./espeak-process.${extension}`, import.meta.url)),
      [this.options.packageName],
      { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    );
    const forget = () => {
      if (this.child === child) this.child = undefined;
    };
    child.on('exit', forget).on('error', forget);
    this.child = child;
    this.asked = 0;

    return child;
  }

  private end(child: ChildProcess | undefined): void {
    if (!child) return;
    if (this.child === child) this.child = undefined;
    child.kill('SIGKILL');
  }

  private turnEnded(): void {
    this.waiting -= 1;
    if (this.waiting > 0) return;
    // Nothing waits for it: neither it nor this timer may keep the program alive.
    this.child?.unref();
    this.child?.channel?.unref();
    this.idle = setTimeout(() => this.end(this.child), this.options.idleMs).unref();
  }
}

class ProcessEnded extends Error {}
