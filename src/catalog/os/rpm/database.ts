import type { Request } from '../../../model/index.ts';
import type { CatalogProblem, Fact, SelectedFile } from '../../cataloger.ts';
import { mattersWhose } from '../../language-metadata.ts';
import { Damage, type DatabaseRecord, damageOf } from './damage.ts';
import { Damages } from './damages.ts';
import { RpmHeader } from './header.ts';
import { checkHeaderDigest } from './header-digest.ts';
import { checksumsOf, filesOf } from './header-files.ts';
import { packageOf } from './header-package.ts';
import { packageFact } from './package-fact.ts';

/**
 * Characters of file paths that one byte of header may stand for. Real headers spend 65 bytes and more on each file
 * beside its name, so real paths would have to be longer than 260 characters on average to reach it.
 */
const pathCharactersPerByte = 4;

/**
 * Packages of an rpm database, whatever holds its headers, and, if the request asks for ownership, those of their files
 * that tell whose a language package is. What can't be read is told in one problem
 * for each kind; a database without any package is one too. Keys that rpm stores as packages named `gpg-pubkey` are
 * listed like `rpm -qa` lists them.
 */
export function* readDatabase(
  file: SelectedFile,
  request: Request,
  records: Iterable<DatabaseRecord>,
): Generator<Fact<'packages' | 'ownership' | 'checksums'> | CatalogProblem> {
  const damages = new Damages(`the rpm database /${file.path}`);
  let packages = 0;
  for (const record of guarded(records)) {
    if ('damage' in record) {
      damages.add(record.damage);
      if (damages.full) break;
      continue;
    }
    const { place, blob } = record;
    try {
      const header = new RpmHeader(blob);
      checkHeaderDigest(header);
      const rpm = packageOf(header);
      yield { kind: 'packages', fact: packageFact(rpm, file.path) };
      packages++;
      if (request.detail?.checksums === true) {
        yield { kind: 'checksums', fact: { package: rpm.name, type: 'rpm', ...checksumsOf(header, blob.length * pathCharactersPerByte) } };
      }
      if (request.detail?.ownership !== true) continue;
      const files = filesOf(header, blob.length * pathCharactersPerByte).filter((path) => mattersWhose(path, request));
      if (files.length > 0) yield { kind: 'ownership', fact: { package: rpm.name, architecture: rpm.architecture, type: 'rpm', files } };
    } catch (error) {
      damages.add(damageOf(error), place);
      if (damages.full) break;
    }
  }
  if (packages === 0 && damages.empty) damages.add(new Damage('it is whole and lists no package', 'contradiction'));
  yield* damages.problems();
}

/** Turns what a reader throws into its last record. */
function* guarded(records: Iterable<DatabaseRecord>): Generator<DatabaseRecord> {
  try {
    yield* records;
  } catch (error) {
    yield { damage: damageOf(error) };
  }
}
