/** Which parts a service needs, and whether they can be used now. */
export class Readiness {
  stopping = false;

  constructor(private readonly parts: Readonly<Record<string, () => Promise<void>>>) {}

  /** `ok`, or why not, by part. */
  async check(): Promise<{ ready: boolean; parts: Record<string, string> }> {
    const answers = await Promise.all(
      Object.entries(this.parts).map(async ([name, check]) => [name, await answerOf(check)] as const),
    );
    const parts = Object.fromEntries(answers);
    if (this.stopping) parts['process'] = 'stopping';
    return { ready: Object.values(parts).every((answer) => answer === 'ok'), parts };
  }
}

async function answerOf(check: () => Promise<void>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  }
}
