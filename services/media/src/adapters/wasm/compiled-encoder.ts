import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { createEncoder, type WasmMediaEncoder } from 'wasm-media-encoders';

type MimeType = 'audio/ogg' | 'audio/mpeg';
/** A module of WebAssembly: Node's types have no name for it. */
type Compiled = object;
type Configuration<T extends MimeType> = Parameters<WasmMediaEncoder<T>['configure']>[0];

/** An encoder of WebAssembly that is compiled once a process. Each file has an instance of its own: four are made at once. */
export class CompiledEncoder<T extends MimeType> {
  #compiled: Promise<Compiled> | undefined;

  /** `path`: what the package calls its WebAssembly. */
  constructor(
    private readonly mimeType: T,
    private readonly path: 'wasm/ogg' | 'wasm/mp3',
  ) {}

  /** Second by second, so that others get their turns in between. */
  async encode(pcm: Int16Array, configuration: Configuration<T>, signal: AbortSignal): Promise<Uint8Array> {
    this.#compiled ??= this.#compile();
    const encoder = await createEncoder(this.mimeType, await this.#compiled);
    encoder.configure(configuration);

    const second = configuration.sampleRate;
    const samples = new Float32Array(second);
    const chunks: Uint8Array[] = [];
    for (let from = 0; from < pcm.length; from += second) {
      signal.throwIfAborted();
      const count = Math.min(second, pcm.length - from);
      for (let i = 0; i < count; i += 1) samples[i] = pcm[from + i]! / 32_768;
      // The encoder owns what it returns and overwrites it.
      chunks.push(encoder.encode([count === second ? samples : samples.subarray(0, count)]).slice());
      await setImmediate();
    }
    chunks.push(encoder.finalize().slice());

    return new Uint8Array(Buffer.concat(chunks));
  }

  async #compile(): Promise<Compiled> {
    const file = createRequire(import.meta.url).resolve(`wasm-media-encoders/${this.path}`);
    let compiled: Compiled | undefined;
    await createEncoder(this.mimeType, await readFile(file), (module: Compiled) => {
      compiled = module;
    });

    return compiled!;
  }
}
