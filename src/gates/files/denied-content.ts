import * as z from 'zod';
import { defineTrigger } from '../trigger.ts';

const lengths: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64 };

const digest = z.string().refine((text) => {
  const [algorithm = '', hex = ''] = text.split(':');
  return /^[0-9a-f]+$/.test(hex) && hex.length === lengths[algorithm] && text.split(':').length === 2;
}, 'is no digest like sha256:… in small letters (md5, sha1, sha256)');

export default defineTrigger({
  gate: 'files',
  name: 'denied-content',
  since: '0.2.0',
  summary: 'A file has exactly a content that must not be: by a list of digests.',
  why: 'Known malware, leaked files and withdrawn builds are named by the digest of their bytes, whatever they are called.',
  remedy: 'Remove the file, and find out how it came into the image.',
  parameters: { digests: z.array(digest).min(1).describe('digests of contents that must not be: sha256:…') },
  needs: ({ digests }) => {
    const algorithms = (['md5', 'sha1', 'sha256'] as const).filter((each) => digests.some((text) => text.startsWith(`${each}:`)));
    return [{ kind: 'files', detail: { files: { digests }, digests: algorithms } }];
  },
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'DENIEDCONTENT',
      parameters: { digests: { to: 'digests', syntax: 'list' } },
      requires: ['digests'],
      own: true,
      sample: { action: 'stop', parameters: 'digests=sha256:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f' },
    },
  ],
  examples: [
    {
      title: 'The test file of virus scanners.',
      line: 'digests=sha256:275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f',
      facts: { files: [{ path: '/tmp/eicar.com', digests: { sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f' } }] },
      fires: ['/tmp/eicar.com'],
    },
    { title: 'Another content.', line: 'digests=md5:d41d8cd98f00b204e9800998ecf8427e', facts: { files: [{ path: '/a', digests: { md5: '00' } }] }, fires: [] },
  ],
  *judge({ files }, { digests }) {
    const denied = new Set(digests);
    for (const { path, digests: own, layer } of files) {
      const hit = Object.entries(own ?? {})
        .map(([algorithm, hex]) => `${algorithm}:${hex}`)
        .find((each) => denied.has(each));
      if (hit !== undefined) yield { state: 'fired', subject: path, message: `${path} has the denied content ${hit}`, location: { path, layer } };
    }
  },
});
