import type { ICustomPartitioner } from 'kafkajs';
import { murmur2, murmur2Of } from '../murmur2.js';

/** The partition that Java's default partitioner chooses for the key. Every message of ours has one. */
export const keyPartitioner: ICustomPartitioner =
  () =>
  ({ partitionMetadata, message: { key } }) => {
    const hash = typeof key === 'string' ? murmur2Of(key) : key ? murmur2(key) : 0;
    return hash % partitionMetadata.length;
  };
