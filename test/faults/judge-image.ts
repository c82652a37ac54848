import { gate } from '../../src/gate.ts';
import type { ImageError, ImageVerdict } from '../../src/model/index.ts';
import { parsePolicy, readBuiltinPolicy, requireValid } from '../../src/policy/index.ts';
import { debianStatus } from '../support/debian.ts';
import { type ImageSpec, type LayerItem, layer } from '../support/image-builder.ts';

/** A small Debian image that `basic-policy` stops: it has an ssh server. */
export const debianLayer: readonly LayerItem[] = [
  { path: 'etc/', directory: true },
  { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' },
  { path: 'etc/passwd', content: 'root:x:0:0:root:/root:/bin/bash\n' },
  {
    path: 'var/lib/dpkg/status',
    content: debianStatus([
      { name: 'base-files', version: '12.4+deb12u5' },
      { name: 'openssh-server', version: '1:9.2p1-2', source: 'openssh' },
      { name: 'libc6', version: '2.36-9', source: 'glibc' },
    ]),
  },
];

export const debianImage: ImageSpec = {
  layers: [layer(debianLayer), layer([{ path: 'app', content: 'program' }], { compression: 'none' })],
  tags: ['debian:weak'],
};

/** The one block of a gate on one image, in this process: by `basic-policy`, or a policy in the classic lines. */
export async function judgeImage(path: string, policy?: string): Promise<ImageVerdict | ImageError> {
  const document = await gate({
    images: [{ reference: path, dockerfile: null }],
    policy:
      policy === undefined ? readBuiltinPolicy('basic-policy') : requireValid(parsePolicy(policy, { name: 'test', source: 'test' }), 'test', 'POLICY_INVALID'),
    advisories: null,
    platform: null,
    tag: null,
    now: new Date('2024-06-01T00:00:00Z'),
    settings: [],
  });
  const [block] = document.images;
  if (block === undefined || document.images.length !== 1) throw new Error(`${document.images.length} blocks where one was expected`);
  return block;
}

/** The error code of a block; `judged` when it holds a verdict. */
export function codeOf(block: ImageVerdict | ImageError): string {
  return 'error' in block ? block.error.code : 'judged';
}
