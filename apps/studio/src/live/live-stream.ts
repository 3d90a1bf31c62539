import type { CatalogUpdate, Editors, RunUpdate } from '../api/client.js';

export type Connection = 'connecting' | 'live' | 'down';

export type Told =
  | { readonly kind: 'run'; readonly update: RunUpdate }
  | { readonly kind: 'started' }
  | { readonly kind: 'catalog'; readonly update: CatalogUpdate }
  | { readonly kind: 'editors'; readonly at: Editors };

/** What tabs say to each other. */
type Word =
  | { readonly say: 'watching'; readonly tab: string; readonly watched: readonly string[] }
  | { readonly say: 'bye'; readonly tab: string }
  | { readonly say: 'who' }
  | { readonly say: 'connection'; readonly connection: Connection }
  | { readonly say: 'told'; readonly told: Told };

const RETRY_MS = 2_000;
/** The server gives a sign every 15 s: two that are missed mean that it hangs, or the wire. */
const SILENCE_MS = 35_000;
const LOOK_MS = 5_000;
/** More than any person looks at; what the server allows on one stream. */
const MOST_RUNS = 100;
const MOST_PLACES = 20;

/** Ids of runs are without it: a place has a resource and an id, such as `prompts/title`. */
const isPlace = (watched: string): boolean => watched.includes('/');

/**
 * One stream for all tabs of a browser: of the six connections that HTTP/1.1 has, live screens take one. The tab that
 * holds the lock keeps the stream for all and tells the others; when it goes, another takes over.
 */
export class LiveStream {
  readonly tab = crypto.randomUUID();
  readonly #channel = new BroadcastChannel('duofactory-live');
  readonly #watched = new Map<string, number>();
  readonly #listeners = new Set<(told: Told) => void>();
  readonly #onConnection = new Set<() => void>();
  #connection: Connection = 'connecting';
  #leader: Leader | undefined;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Word>) => this.#hear(data);
    window.addEventListener('pagehide', () => this.#say({ say: 'bye', tab: this.tab }));
    window.addEventListener('pageshow', () => this.#tellWatching());
    const lead = (): Promise<never> => {
      this.#leader = new Leader((word) => {
        this.#say(word);
        this.#hear(word);
      });
      this.#say({ say: 'who' });
      this.#tellWatching();
      return new Promise<never>(() => undefined);
    };
    // Without locks (an address that is not secure) every tab keeps a stream of its own.
    if ('locks' in navigator) void navigator.locks.request('duofactory-live', lead);
    else void lead();
    this.#say({ say: 'who' });
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Calls back for what is told of any run that a tab watches. */
  listen(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onConnection(listener: () => void): () => void {
    this.#onConnection.add(listener);
    return () => this.#onConnection.delete(listener);
  }

  /** Ids of runs, and places whose editors are told of. */
  watch(watched: readonly string[]): () => void {
    for (const one of watched) this.#watched.set(one, (this.#watched.get(one) ?? 0) + 1);
    this.#tellWatching();
    return () => {
      for (const one of watched) {
        const left = (this.#watched.get(one) ?? 1) - 1;
        if (left === 0) this.#watched.delete(one);
        else this.#watched.set(one, left);
      }
      this.#tellWatching();
    };
  }

  #tellWatching(): void {
    const word: Word = { say: 'watching', tab: this.tab, watched: [...this.#watched.keys()] };
    this.#say(word);
    this.#leader?.hear(word);
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }

  #hear(word: Word): void {
    if (word.say === 'told') for (const listener of this.#listeners) listener(word.told);
    else if (word.say === 'who') {
      this.#tellWatching();
      this.#leader?.tellConnection();
    } else if (word.say === 'connection') {
      if (this.#connection === word.connection) return;
      this.#connection = word.connection;
      for (const listener of this.#onConnection) listener();
    } else this.#leader?.hear(word);
  }
}

/** Holds the stream: as wide as what all tabs watch together. */
class Leader {
  readonly #tabs = new Map<string, readonly string[]>();
  #source: EventSource | undefined;
  #before: EventSource | undefined;
  /** What the stream that is open was asked for, and what tabs want by now. */
  #asked: string | undefined;
  #wanted = 'runs=';
  #connection: Connection = 'connecting';
  #again: ReturnType<typeof setTimeout> | undefined;
  #heardAt = Date.now();

  constructor(private readonly tell: (word: Word) => void) {
    this.#open();
    setInterval(() => {
      if (Date.now() - this.#heardAt < SILENCE_MS) return;
      this.#become('down');
      this.#open();
    }, LOOK_MS);
  }

  hear(word: Word): void {
    if (word.say === 'watching') this.#tabs.set(word.tab, word.watched);
    else if (word.say === 'bye') this.#tabs.delete(word.tab);
    else return;
    const all = [...new Set([...this.#tabs.values()].flat())].sort();
    const runs = all.filter((one) => !isPlace(one)).slice(0, MOST_RUNS);
    const places = all.filter(isPlace).slice(0, MOST_PLACES);
    const wanted = `runs=${runs.join(',')}${places.length > 0 ? `&editing=${places.join(',')}` : ''}`;
    // Navigation drops a run and takes another in one breath: the stream is opened anew once.
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#openSoon();
  }

  tellConnection(): void {
    this.tell({ say: 'connection', connection: this.#connection });
  }

  #openSoon(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      const isOpen = this.#source?.readyState !== EventSource.CLOSED;
      if (!isOpen || this.#wanted !== this.#asked) this.#open();
    }, 50);
  }

  #open(): void {
    // The one before tells until this one is there: what is told only once is not missed between the two.
    const before = this.#source;
    this.#before?.close();
    this.#before = before;
    this.#heardAt = Date.now();
    this.#asked = this.#wanted;
    const source = new EventSource(`/api/runs/events?${this.#asked}`);
    this.#source = source;
    const heard = (): void => void (this.#heardAt = Date.now());
    for (const event of ['open', 'here', 'run', 'started', 'catalog', 'editors'])
      source.addEventListener(event, heard);
    source.onopen = () => {
      before?.close();
      this.#become('live');
    };
    source.onerror = () => {
      before?.close();
      this.#become('down');
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      // An answer that is no stream ends the browser's own tries: a host that is starting, a router before it.
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.#open(), RETRY_MS);
    };
    source.addEventListener('run', ({ data }: MessageEvent<string>) =>
      this.tell({ say: 'told', told: { kind: 'run', update: JSON.parse(data) as RunUpdate } }),
    );
    source.addEventListener('catalog', ({ data }: MessageEvent<string>) =>
      this.tell({ say: 'told', told: { kind: 'catalog', update: JSON.parse(data) as CatalogUpdate } }),
    );
    source.addEventListener('editors', ({ data }: MessageEvent<string>) =>
      this.tell({ say: 'told', told: { kind: 'editors', at: JSON.parse(data) as Editors } }),
    );
    source.addEventListener('started', () => this.tell({ say: 'told', told: { kind: 'started' } }));
  }

  #become(connection: Connection): void {
    this.#connection = connection;
    this.tellConnection();
  }
}
