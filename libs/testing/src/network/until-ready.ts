import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the condition holds: for what gives no event outside of its process. Throws what `gone` says is over. */
export async function until(
  holds: () => Promise<boolean>,
  { everyMs = 50, gone }: { everyMs?: number; gone?: () => string | undefined } = {},
): Promise<void> {
  while (!(await holds())) {
    const reason = gone?.();
    if (reason !== undefined) throw new Error(reason);
    await pause(everyMs);
  }
}

/** Asks a service until it says that it is ready. `gone`: why it will never be, once that is known. */
export function untilReady(url: string, gone?: () => string | undefined): Promise<void> {
  const isReady = (): Promise<boolean> =>
    fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(10_000) }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
  return until(isReady, gone ? { gone } : {});
}
