import { describe, expect, it } from '@jest/globals';
import { isOutage, isTerminal } from './failure.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('failures', () => {
  it.each([
    ...['ECONNREFUSED', 'UND_ERR_SOCKET', '08006', '57P01', '57P03', '53300', '53200'],
    // Read-only, a full disk, a process that was stopped in the middle of a transaction.
    ...['25006', '53100', '25P03'],
  ])('takes %s for an outage', (code) => {
    expect(isOutage(withCode(code))).toBe(true);
  });

  it.each(['23505', '40001', 'ENOENT'])('does not take %s for an outage', (code) => {
    expect(isOutage(withCode(code))).toBe(false);
  });

  it('finds the outage under an error that wraps it', () => {
    expect(isOutage(new Error('query failed', { cause: withCode('ECONNRESET') }))).toBe(true);
  });

  it("knows pg's connection errors, which have no code", () => {
    expect(isOutage(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it('takes for terminal only what says so', () => {
    expect(isTerminal(Object.assign(new Error('x'), { terminal: true }))).toBe(true);
    expect(isTerminal(new Error('x'))).toBe(false);
    expect(isTerminal(undefined)).toBe(false);
  });
});
