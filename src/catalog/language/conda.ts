import { type CatalogProblem, defineCataloger, type Fact } from '../cataloger.ts';
import { channelName } from './conda-channel.ts';
import { jsonObject, text, texts } from './document.ts';
import { languagePackage, unreadable } from './language-package.ts';

/** `NAME-VERSION-BUILD.json`; in version and build there is no hyphen. */
const record = /(?:^|\/)conda-meta\/([^/]+)-([^/-]+)-([^/-]+)\.json$/;

export default defineCataloger({
  name: 'language/conda',
  version: 2,
  summary: 'Installed conda packages from conda-meta',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'conda',
  maxBytes: 64 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && record.test(path),
  *read(file): Generator<Fact<'packages'> | CatalogProblem> {
    const [, ownName = '', ownVersion = '', ownBuild] = record.exec(file.path) ?? [];
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      yield languagePackage(file, {
        type: 'conda',
        name: ownName,
        version: ownVersion,
        purl: { qualifiers: ownBuild === undefined ? {} : { build: ownBuild } },
      });
      return;
    }
    const { name, version, build, channel, schannel, subdir, license } = document.value;
    const [told, toldVersion] = [text(name), text(version)];
    if (told === undefined || toldVersion === undefined) yield unreadable(file, `it has no ${told === undefined ? 'name' : 'version'}`);
    else if (told !== ownName || toldVersion !== ownVersion) {
      const why = `its name says ${ownName} ${ownVersion}, it says ${told} ${toldVersion}`;
      yield { problem: { kind: 'contradiction', what: `/${file.path}`, why } };
    }
    const qualifiers = { build: text(build), channel: channelName(text(channel) ?? text(schannel) ?? ''), subdir: text(subdir) };
    yield languagePackage(file, {
      type: 'conda',
      name: told ?? ownName,
      version: toldVersion ?? ownVersion,
      licenses: texts(license),
      purl: { qualifiers: Object.fromEntries(Object.entries(qualifiers).filter((entry): entry is [string, string] => entry[1] !== undefined)) },
    });
  },
});
