/** What is told of an error to whoever asked. */
export function failureOf(error: unknown): { code: string; message: string } {
  const { code = 'internal-error', message } = error as { code?: string; message: string };
  return { code, message };
}
