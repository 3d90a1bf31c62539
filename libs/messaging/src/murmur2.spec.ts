import { describe, expect, it } from '@jest/globals';
import { murmur2, murmur2Of } from './murmur2.js';

describe('murmur2', () => {
  // From Apache Kafka's UtilsTest.testMurmur2, without the sign bit as the partitioner takes it.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('hashes %s as Java does', (key, java) => {
    expect(murmur2Of(key)).toBe(java & 0x7fffffff);
  });

  it('hashes bytes that are no text as Java does', () => {
    expect(murmur2(new Uint8Array([97, 98, 99]))).toBe(479470107 & 0x7fffffff);
  });
});
