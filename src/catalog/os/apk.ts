import { defineCataloger } from '../cataloger.ts';
import { mattersWhose } from '../language-metadata.ts';

const databases = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];

/** apk's database: one-letter fields, packages divided by blank lines (Alpine's "Apk spec", installed database). */
export default defineCataloger({
  name: 'os/apk',
  version: 1,
  summary: "Alpine, Wolfi and Chainguard packages from apk's database",
  provides: ['packages', 'ownership'],
  evidence: 'packages',
  ecosystem: 'apk',
  wellKnown: databases,
  selects: ({ path, type }) => type === 'file' && databases.includes(path),
  *read(file, request) {
    const text = file.text();
    const lines = text.split('\n');
    let found = 0;
    let fields: Record<string, string> = {};
    let began = 0;
    let directory = '';
    let files: string[] = [];
    for (let index = 0; index <= lines.length; index++) {
      const line = (lines[index] ?? '').replace(/\r$/, '');
      if (line === '') {
        if (began === 0) continue;
        found++;
        const { P: name, V: version } = fields;
        if (!name || !version) {
          const what = name ? `the package ${name} without a version` : 'a package without a name';
          yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `it has ${what} at line ${began}`, line: began } };
        } else {
          yield {
            kind: 'packages',
            fact: {
              type: 'apk',
              name,
              version,
              source: { name: fields.o || name, version },
              architecture: fields.A ?? null,
              licenses: fields.L ? [fields.L] : [],
              locations: [{ path: `/${file.path}`, line: began }],
              lockfile: false,
              ...(fields.p ? { provides: fields.p.split(' ').map((word) => word.replace(/[<>=~].*$/, '')) } : {}),
            },
          };
          if (files.length > 0) yield { kind: 'ownership', fact: { package: name, architecture: fields.A ?? null, type: 'apk', files } };
        }
        fields = {};
        files = [];
        directory = '';
        began = 0;
        continue;
      }
      if (began === 0) began = index + 1;
      const key = line[0] as string;
      if (line[1] !== ':') {
        yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: `line ${index + 1} is not a field`, line: index + 1 } };
        continue;
      }
      const value = line.slice(2);
      if (key === 'F') directory = value;
      else if (key === 'R') {
        const path = `/${directory === '' ? '' : `${directory}/`}${value}`;
        if (request.detail?.ownership === true && mattersWhose(path, request)) files.push(path);
      } else if ('PVAoLp'.includes(key)) {
        // Two packages that no blank line divides: one of them would be lost.
        if (key === 'P' && fields.P !== undefined) {
          yield {
            problem: { kind: 'unreadable', what: `/${file.path}`, why: `the package at line ${began} has a second name at line ${index + 1}`, line: index + 1 },
          };
        }
        fields[key] = value;
      }
    }
    // An empty database is normal where another package manager rules: that is told from the whole image.
    if (found > 0 && !text.endsWith('\n'))
      yield { problem: { kind: 'unreadable', what: `/${file.path}`, why: 'it ends in the middle of a line, so it was cut off' } };
  },
});
