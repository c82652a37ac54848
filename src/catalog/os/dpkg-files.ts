import { type CatalogProblem, type ChecksumsFact, defineCataloger, type Fact, type KnownFile, type SelectedFile } from '../cataloger.ts';
import { stanzas } from '../stanzas.ts';

const file = /^(?:var|usr)\/lib\/dpkg\/(?:(status|diversions)|info\/[^/]+\.(list|md5sums|conffiles)|status\.d\/[^/]+\.(md5sums|conffiles))$/;

/** `libc6:amd64.md5sums` → `libc6`. */
function packageOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (name.slice(0, name.lastIndexOf('.')).split(':', 1)[0] ?? '').trim();
}

const fact = (name: string, files: ChecksumsFact['files'], configuration: readonly string[] = []): Fact<'checksums'> => ({
  kind: 'checksums',
  fact: { package: name, type: 'deb', files, configuration },
});

/** `HASH  path/without/slash`, one a line (deb-md5sums(5)). */
function* readSums(file: SelectedFile): Generator<Fact<'checksums'> | CatalogProblem> {
  const files: [string, 'md5', string][] = [];
  let wrong = 0;
  for (const line of file.text().split('\n')) {
    const match = /^([0-9a-f]{32}) [ *](.+?)\r?$/.exec(line);
    if (match !== null) files.push([`/${(match[2] as string).replace(/^\.?\/+/, '')}`, 'md5', match[1] as string]);
    else if (line.trim() !== '') wrong++;
  }
  yield fact(packageOf(file.path), files);
  if (wrong > 0) yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `${wrong} of its lines are no checksums` } };
}

/** dpkg's diversions: three lines each, the path, where it went, for whom (dpkg-divert(1)); `:` stands for the administrator. */
function* readDiversions(file: SelectedFile): Generator<Fact<'diversions'> | CatalogProblem> {
  const lines = file.text().replace(/\n$/, '').split('\n');
  for (let at = 0; at < lines.length && lines[0] !== ''; at += 3) {
    const [from = '', to = '', owner = ''] = lines.slice(at, at + 3);
    if (!from.startsWith('/') || !to.startsWith('/') || owner === '') {
      const why = `at line ${at + 1} are no three lines that say what was moved, where to and for whom`;
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why, line: at + 1 } };
      return;
    }
    yield { kind: 'diversions', fact: { from, to, package: owner === ':' ? null : owner } };
  }
}

export default defineCataloger({
  name: 'os/dpkg-files',
  version: 2,
  summary: 'Which files Debian packages put there, their checksums, which of them may be changed, and which were diverted',
  provides: ['checksums', 'diversions'],
  evidence: 'drift',
  wanted: (requests) => (requests.some(({ kind, detail }) => kind === 'drift' || detail?.owners === true) ? { kind: 'drift' } : null),
  wellKnown: ['var/lib/dpkg/', 'usr/lib/dpkg/'].flatMap((directory) => ['info/', 'status.d/', 'status', 'diversions'].map((name) => `${directory}${name}`)),
  selects: ({ path, type }) => type === 'file' && file.test(path),
  *read(selected) {
    const [, base, listed, single] = file.exec(selected.path) ?? [];
    const kind = base ?? listed ?? single;
    if (kind === 'md5sums') yield* readSums(selected);
    else if (kind === 'diversions') yield* readDiversions(selected);
    else if (kind === 'status') {
      for (const { fields } of stanzas(selected.text(), new Set(['package', 'conffiles']))) {
        const configuration = (fields.get('conffiles') ?? '').split('\n').flatMap((line) => /^\s*(\/\S.*?) [0-9a-f]{32}/.exec(line)?.[1] ?? []);
        if (configuration.length > 0) yield fact(fields.get('package') ?? '', null, configuration);
      }
    } else {
      const paths = selected
        .text()
        .split('\n')
        .map((line) => line.replace(/^remove-on-upgrade /, '').trim())
        .filter((line) => line.startsWith('/') && line !== '/.');
      if (kind === 'conffiles') yield fact(packageOf(selected.path), null, paths);
      else {
        const files = paths.map((each): KnownFile => [each, '', '']);
        yield fact(packageOf(selected.path), files);
      }
    }
  },
});
