import { defineCataloger } from '../../cataloger.ts';
import { Damage, damageOf } from './damage.ts';
import { Damages } from './damages.ts';
import { parseManifestLine } from './manifest.ts';
import { packageFact } from './package-fact.ts';

const path = 'var/lib/rpmmanifest/container-manifest-2';

export default defineCataloger({
  name: 'os/rpm-manifest',
  version: 1,
  summary:
    'rpm packages in container-manifest-2, which distroless images of Azure Linux (CBL-Mariner) have instead of a database. It names no files and no licences.',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'rpm',
  // A line takes some 150 bytes.
  maxBytes: 4 * 1024 * 1024,
  wellKnown: [path],
  selects: (entry) => entry.type === 'file' && entry.path === path,
  *read(file) {
    const damages = new Damages(`the rpm manifest /${file.path}`);
    let packages = 0;
    let line = 0;
    for (const text of file.text().split('\n')) {
      line++;
      const content = text.endsWith('\r') ? text.slice(0, -1) : text;
      if (content === '') continue;
      try {
        yield { kind: 'packages', fact: packageFact(parseManifestLine(content), file.path, line) };
        packages++;
      } catch (error) {
        damages.add(damageOf(error), `line ${line}`, line);
      }
    }
    if (packages === 0 && damages.empty) damages.add(new Damage('it lists no package', 'contradiction'));
    yield* damages.problems();
  },
});
