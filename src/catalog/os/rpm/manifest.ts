import { Damage } from './damage.ts';
import type { RpmPackage } from './package-fact.ts';

const columns = 10;

/**
 * One line of `container-manifest-2`, in which Azure Linux (CBL-Mariner) lists the packages of images without rpm
 * database. The columns, by tabs: name, version-release, install time, build time, vendor, epoch or `(none)`, size,
 * architecture, epoch as a number, source package's file name (azurelinux, toolkit/docs/how_it_works/5_misc.md).
 * Throws Damage for another form.
 */
export function parseManifestLine(line: string): RpmPackage {
  const fields = line.split('\t');
  if (fields.length < columns) throw new Damage(`${fields.length} columns where ${columns} are expected`);
  const [name = '', evr = '', , , , , , architecture = '', epoch = '', sourceRpm = ''] = fields;
  const hyphen = evr.lastIndexOf('-');
  if (name === '' || hyphen <= 0 || hyphen + 1 === evr.length) throw new Damage('it has no name or no version and release');
  // The column before the number is `(none)` whatever the epoch is in what older tools wrote.
  if (!/^(\d{1,10}|\(none\)|)$/.test(epoch)) throw new Damage('its epoch is not a number');
  return {
    name,
    version: evr.slice(0, hyphen),
    release: evr.slice(hyphen + 1),
    epoch: /^\d/.test(epoch) ? Number(epoch) : null,
    architecture: given(architecture),
    sourceRpm: given(sourceRpm),
    license: null,
    module: null,
  };
}

/** `(none)` is how rpm prints a missing tag. */
function given(field: string): string | null {
  return field === '' || field === '(none)' ? null : field;
}
