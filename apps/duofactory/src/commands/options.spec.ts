import { afterEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { EXIT } from '../terminal/exit-codes.js';
import { explain } from '../terminal/explain.js';
import { urlOption } from './options.js';

describe('where DuoFactory answers', () => {
  const before = process.env['DUOFACTORY_URL'];
  afterEach(() => {
    if (before === undefined) delete process.env['DUOFACTORY_URL'];
    else process.env['DUOFACTORY_URL'] = before;
  });
  const url = (args: readonly string[], variable = ''): string => {
    process.env['DUOFACTORY_URL'] = variable;
    return new Command().addOption(urlOption()).parse(args, { from: 'user' }).opts<{ url: string }>().url;
  };

  it('is the usual place where the variable is empty', () => {
    expect(url([])).toBe('http://127.0.0.1:8080');
    expect(url([], 'https://studio.example.org/')).toBe('https://studio.example.org/');
    expect(url(['--url', 'http://[::1]:9'], 'nonsense')).toBe('http://[::1]:9');
  });

  it.each(['localhost:8080', '127.0.0.1:8080', 'studio'])('is told to be no address: %s', (text) => {
    for (const ask of [() => url([], text), () => url(['--url', text])]) {
      let told;
      try {
        ask();
      } catch (error) {
        told = explain(error);
      }
      expect(told).toMatchObject({ exitCode: EXIT.invalid });
      expect(JSON.stringify(told)).toContain('http://');
    }
  });
});
