import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import type { ImageError, ImageVerdict } from '../../src/model/index.ts';
import { temporaryDirectory } from '../support/cli.ts';
import { dockerArchive, ociArchive, oldDockerArchive } from '../support/image-builder.ts';
import { debianImage, judgeImage } from './judge-image.ts';

/** What a verdict rests on. The archive's own tags and names are a claim that no digest covers. */
function essence(block: ImageVerdict | ImageError): unknown {
  if ('error' in block) return null;
  return {
    verdict: block.verdict,
    reason: block.reason,
    findings: block.findings,
    problems: block.problems,
    imageId: block.imageId,
    distribution: block.distribution,
  };
}

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const mutation = fc.oneof(
  fc.tuple(fc.constant('flip' as const), place, fc.integer({ min: 1, max: 255 })),
  fc.tuple(fc.constant('truncate' as const), place, fc.constant(0)),
  fc.tuple(fc.constant('zero' as const), place, fc.integer({ min: 1, max: 2048 })),
  fc.tuple(fc.constant('duplicate' as const), place, fc.integer({ min: 1, max: 4 })),
  fc.tuple(fc.constant('remove' as const), place, fc.integer({ min: 1, max: 4 })),
);

function mutated(bytes: Buffer, [kind, where, amount]: readonly [string, number, number]): Buffer {
  const at = Math.floor(where * bytes.length);
  const block = at - (at % 512);
  if (kind === 'truncate') return bytes.subarray(0, at);
  if (kind === 'duplicate') return Buffer.concat([bytes.subarray(0, block + amount * 512), bytes.subarray(block)]);
  if (kind === 'remove') return Buffer.concat([bytes.subarray(0, block), bytes.subarray(block + amount * 512)]);
  const copy = Buffer.from(bytes);
  if (kind === 'flip') copy[at] = (copy[at] as number) ^ amount;
  else copy.fill(0, at, Math.min(at + amount, copy.length));
  return copy;
}

describe.each([
  ['docker archive', dockerArchive],
  ['old docker archive', oldDockerArchive],
  ['OCI archive', ociArchive],
] as const)('%s', (_, build) => {
  test('with anything changed it is refused, or judged as before', async () => {
    const directory = temporaryDirectory();
    const bytes = build([debianImage]).tar();
    const path = join(directory, 'image.tar');
    writeFileSync(path, bytes);
    const before = essence(await judgeImage(path));
    expect(before).toMatchObject({ verdict: 'stop', findings: expect.arrayContaining([expect.objectContaining({ trigger: 'PKGNAMEMATCH', action: 'stop' })]) });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        writeFileSync(path, mutated(bytes, change));
        const block = await judgeImage(path);
        if ('error' in block) {
          refused++;
          expect(errorCodes[block.error.code as keyof typeof errorCodes].exit).toBe(5);
          expect(block.error.message).toMatch(/^[^\n]+\.$/);
        } else expect(essence(block)).toEqual(before);
      }),
      { numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});
