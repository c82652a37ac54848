import { defineCataloger, type KnownFile } from '../cataloger.ts';

const databases = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

/** `Q1` and a SHA-1, `Q2` and a SHA-256, in base64 (apk-package(5)). */
function checksum(text: string): [by: KnownFile[1], value: string] {
  const algorithm = text.startsWith('Q1') ? 'sha1' : text.startsWith('Q2') ? 'sha256' : '';
  const digest = Buffer.from(text.slice(2), 'base64').toString('hex');
  return algorithm !== '' && digest.length === (algorithm === 'sha1' ? 40 : 64) ? [algorithm, digest] : ['', ''];
}

export default defineCataloger({
  name: 'os/apk-files',
  version: 2,
  summary: 'Which files Alpine packages put there, and their checksums',
  provides: ['checksums'],
  evidence: 'drift',
  wanted: (requests) => (requests.some(({ kind, detail }) => kind === 'drift' || detail?.owners === true) ? { kind: 'drift' } : null),
  wellKnown: databases,
  selects: ({ path, type }) => type === 'file' && databases.includes(path),
  *read(file) {
    let name = '';
    let directory = '';
    let files: KnownFile[] = [];
    for (const line of [...file.text().split('\n'), '']) {
      const value = line.slice(2).replace(/\r$/, '');
      if (line.trim() === '') {
        // apk protects /etc: what an administrator changed there stays (apk's protected_paths).
        const configuration = files.flatMap(([path]) => (path.startsWith('/etc/') ? [path] : []));
        if (name !== '' && files.length > 0) yield { kind: 'checksums', fact: { package: name, type: 'apk', files, configuration } };
        name = '';
        directory = '';
        files = [];
      } else if (line.startsWith('P:')) name = value;
      else if (line.startsWith('F:')) {
        directory = value;
        if (value !== '') files.push([`/${value}`, '', '']);
      } else if (line.startsWith('R:')) files.push([`/${directory === '' ? '' : `${directory}/`}${value}`, '', '']);
      else if (line.startsWith('Z:')) {
        const last = files.at(-1);
        if (last !== undefined) files[files.length - 1] = [last[0], ...checksum(value)];
      }
    }
  },
});
