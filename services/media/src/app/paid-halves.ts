import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import type { Ref } from '@duofactory/contracts';
import type { PaidHalf } from './speech-synthesis.js';

type KeptHalf = Omit<PaidHalf, 'bytes'> & { readonly bytes: Ref };

/** Answers of a vendor that failed with the rest of a line: the next call of the line, of any process, goes on from them. */
export class PaidHalves {
  constructor(private readonly objects: ObjectStore) {}

  /** None where they cannot be read: then they are asked for again. */
  async of(line: string): Promise<PaidHalf[]> {
    const found = await this.objects.getNamed(nameOf(line));
    if (!found) return [];
    try {
      const kept = JSON.parse(Buffer.from(found.bytes).toString()) as KeptHalf[];
      return await Promise.all(
        kept.map(async ({ bytes, ...half }) => {
          return { ...half, bytes: await this.objects.get(bytes) };
        }),
      );
    } catch (error) {
      if (LOST.some((kind) => error instanceof kind)) return [];
      throw error;
    }
  }

  async keep(line: string, halves: readonly PaidHalf[]): Promise<void> {
    const kept: KeptHalf[] = [];
    for (const { bytes, ...half } of halves)
      kept.push({ ...half, bytes: await this.objects.put(bytes, 'application/octet-stream') });
    await this.objects.putNamed(nameOf(line), Buffer.from(JSON.stringify(kept)), 'application/json');
  }

  /** They are in the line by now. */
  async forget(line: string): Promise<void> {
    await this.objects.delete(nameOf(line));
  }
}

const nameOf = (line: string): string => `halves/${line}.json`;

/** There no more, changed in place, or cut. */
const LOST = [ObjectMissing, ObjectCorrupt, SyntaxError];
