import { decompress, detectCompression, type Limits, TarReader } from '../archive/index.ts';
import type { LayerBlob } from '../model/index.ts';
import { fileChunks } from './chunks.ts';

/**
 * The paths with which a layer begins, as far as they come within so many unpacked bytes, and no further than the caller asks. Nothing
 * is verified: good for a guess alone. A layer that has to be fetched, a directory and what can't be read have none.
 */
export async function* firstPaths({ source }: LayerBlob, bytes: number, limits: Limits): AsyncGenerator<string> {
  if (source.kind !== 'file') return;
  let paths: string[] = [];
  const reader = new TarReader(({ path }) => {
    paths.push(path);
    return null;
  }, limits);
  const chunks = fileChunks(source);
  try {
    const first = await chunks.next();
    if (first.done) return;
    const all = (async function* () {
      yield first.value;
      yield* chunks;
    })();
    let seen = 0;
    for await (const chunk of decompress(all, detectCompression(first.value))) {
      reader.write(chunk);
      yield* paths;
      paths = [];
      seen += chunk.length;
      if (seen > bytes) return;
    }
  } catch {
    // Whoever reads the layer says what is wrong with it.
  } finally {
    await chunks.return(undefined);
  }
}
