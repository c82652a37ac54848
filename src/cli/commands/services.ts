import { defaultLimits } from '../../archive/index.ts';
import { catalog } from '../../catalog/index.ts';
import { exitCodes, PortcullisError } from '../../errors.ts';
import { listImages, parsePlatform } from '../../image/index.ts';
import type { CommandCall } from '../program.ts';

export async function run(call: CommandCall): Promise<number> {
  const images = await listImages(call.args[0] as string, {
    platform: call.options.platform === undefined ? null : parsePlatform(call.options.platform as string),
    tag: (call.options.tag as string | undefined) ?? null,
    limits: defaultLimits,
  });
  for (const candidate of images) {
    const evidence = await catalog(await candidate.open(), [{ kind: 'services' }, { kind: 'packages' }], { limits: defaultLimits, dockerfile: null });
    await call.io.stdout.write(`${JSON.stringify(evidence.facts.services, null, 2)}\n`);
  }
  if (images.length === 0) throw new PortcullisError('IMAGE_FORMAT', 'No image.');
  return exitCodes.go;
}
