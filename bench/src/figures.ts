import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../out/', import.meta.url));
const FILE = `${FOLDER}figures.json`;

export type Figures = Record<string, unknown>;

/** What was measured so far, by whichever part of the benchmarks. */
export async function readFigures(): Promise<Figures> {
  const text = await readFile(FILE, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '{}';
  });
  return JSON.parse(text) as Figures;
}

/** Adds figures to the file; those of the same name are replaced. */
export async function noteFigures(figures: Figures): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(FILE, `${JSON.stringify({ ...(await readFigures()), ...figures }, null, 2)}\n`);
}
