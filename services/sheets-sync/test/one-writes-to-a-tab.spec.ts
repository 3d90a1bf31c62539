import { ManualClock } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { describe, expect, it } from '@jest/globals';
import { SheetTurns } from '../src/app/exports/sheet-turns.js';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const LATER = new Date('2030-01-01T00:00:31Z');
const tab = { spreadsheet: 's', tab: 'A' };
const context = {
  untimed: (wait: () => Promise<void>) => wait(),
  signal: new AbortController().signal,
};

describe('one writes to a tab', () => {
  const database = useDatabase('sheets_sync', sheetsSyncService.migrations);

  /** Holds its turn until it is told to let go, or loses it. */
  const holding = (turns: SheetTurns) => {
    const [began, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
    const held = turns.hold(
      tab,
      (signal) => {
        began.resolve();
        signal.addEventListener('abort', () => letGo.reject(signal.reason));
        return letGo.promise;
      },
      context,
    );
    held.catch(() => undefined);
    return { began: began.promise, letGo: letGo.resolve, held };
  };

  it('at a time, and another tab does not wait', async () => {
    const turns = new SheetTurns(database.current, new ManualClock(NOW));
    const first = holding(turns);
    await first.began;
    const order: string[] = [];

    const second = turns.hold(tab, async () => void order.push('second'), context);
    await turns.hold({ ...tab, tab: 'B' }, async () => void order.push('other tab'), context);
    order.push('first');
    first.letGo('done');
    await second;

    expect(await first.held).toBe('done');
    expect(order).toEqual(['other tab', 'first', 'second']);
  });

  it('and no more once it was taken for dead', async () => {
    const clock = new ManualClock(NOW);
    const first = holding(new SheetTurns(database.current, clock));
    await first.began;
    const second = holding(new SheetTurns(database.current, new ManualClock(LATER)));
    await second.began;

    clock.advance(10_000);

    await expect(first.held).rejects.toMatchObject({ code: 'sheet-turn-lost', options: { retryable: true } });
    second.letGo('done');
    expect(await second.held).toBe('done');
  });

  it('and keeps its turn as long as it works', async () => {
    const clock = new ManualClock(NOW);
    const first = holding(new SheetTurns(database.current, clock));
    await first.began;
    const heldUntil = async (): Promise<Date> =>
      (await database.current.query<{ until: Date }>({ text: 'SELECT held_until AS until FROM sheet_turns' }))
        .rows[0]!.until;
    const before = await heldUntil();

    clock.advance(10_000);
    await until(async () => (await heldUntil()).getTime() !== before.getTime());

    expect((await heldUntil()).getTime() - before.getTime()).toBe(10_000);
    first.letGo('done');
    await first.held;
    expect((await database.current.query({ text: 'SELECT 1 FROM sheet_turns' })).rowCount).toBe(0);
  });

  it('and leaves the queue when nobody waits for it', async () => {
    const turns = new SheetTurns(database.current, new ManualClock(NOW));
    const first = holding(turns);
    await first.began;
    const gone = new AbortController();

    const second = turns.hold(tab, async () => 'never', { ...context, signal: gone.signal });
    gone.abort();

    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    first.letGo('done');
    expect(await first.held).toBe('done');
  });
});
