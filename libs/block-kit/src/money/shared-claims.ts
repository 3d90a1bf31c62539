import { Claims, type LostClaim } from '../claims.js';
import type { Answered, Claim, ClaimedRow } from '../ledger-rows.js';
import { postToLlmRunner } from './post-to-llm-runner.js';

/** Until the ledger has said how long its leases are. */
const USUAL_LEASE_MS = 30_000;

/**
 * Rows of the ledger of money, which llm-runner keeps: for services that pay vendors of their own. What they pay is in
 * the same sums, budgets and list of ambiguous calls as what models cost.
 */
export class SharedClaims extends Claims {
  readonly tellsLate = true;
  #leaseMs = USUAL_LEASE_MS;

  constructor(private readonly llmRunnerUrl: string) {
    super();
  }

  get leaseMs(): number {
    return this.#leaseMs;
  }

  async claim(claims: readonly Claim[]): Promise<readonly ClaimedRow[]> {
    const { leaseMs, rows } = await this.#post<{ leaseMs: number; rows: ClaimedRow[] }>('', {
      claims: claims.map(({ id, owner, of }) => ({ id, owner, ...of })),
    });
    this.#leaseMs = leaseMs;
    return rows;
  }

  async record(answers: readonly Answered[]): Promise<readonly boolean[]> {
    return (await this.#post<{ stored: boolean[] }>('/answers', { answers })).stored;
  }

  recordSecond(answer: Answered): Promise<{ value: unknown }> {
    return this.#post('/second-answers', { answer });
  }

  async release(id: string, owner: string): Promise<void> {
    await this.#post('/endings', { id, owner, seen: true });
  }

  lose(id: string, owner: string): Promise<LostClaim> {
    return this.#post('/endings', { id, owner, seen: false });
  }

  async renew(held: ReadonlyMap<string, string>): Promise<void> {
    await this.#post('/renewals', { held: [...held].map(([id, owner]) => ({ id, owner })) });
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    return postToLlmRunner(new URL(`/api/ledger/claims${path}`, this.llmRunnerUrl).href, body);
  }
}
