import { jest } from '@jest/globals';
import type { Command } from 'commander';

/** What a command writes to standard output, run in this process. Throws what the process would explain. */
export async function written(command: Command, args: readonly string[]): Promise<string> {
  let text = '';
  const stdout = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    await command.parseAsync([...args], { from: 'user' });
  } finally {
    stdout.mockRestore();
  }
  return text;
}
