import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { IsTime } from './is-time.js';

class Asked {
  @IsTime()
  since!: Date;
}

describe('a field that is a time', () => {
  it.each([
    ['2026-11-30', '2026-11-30T00:00:00.000Z'],
    ['2026-11-30T09:00', '2026-11-30T09:00:00.000Z'],
    ['2026-11-30T09:00:00.5Z', '2026-11-30T09:00:00.500Z'],
    ['2026-11-30T09:00:00+14:00', '2026-11-29T19:00:00.000Z'],
    ['1970-01-01', '1970-01-01T00:00:00.000Z'],
  ])('reads %s', (since, moment) => {
    const asked = plainToInstance(Asked, { since });

    expect(validateSync(asked)).toEqual([]);
    expect(asked.since.toISOString()).toBe(moment);
  });

  const refused: unknown[] = [
    ...['yesterday', '2026', '2026-W10-1', '2026-02-30', '0000-01-01', '+275760-09-13', '-271821-04-20'],
    ...['2026-11-30T25:00Z', '2026-11-30 09:00', '', 0, ['2026-11-30']],
  ];
  it.each(refused.map((since) => ({ since })))('refuses $since, and says what it must be', ({ since }) => {
    const [error] = validateSync(plainToInstance(Asked, { since }));

    expect(error!.constraints).toEqual({
      isDate: 'since must be a date or a time, such as 2026-05-01 or 2026-05-01T09:00:00Z',
    });
  });
});
