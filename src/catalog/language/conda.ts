import { defineCataloger } from '../cataloger.ts';
import { jsonObject, text, texts } from './document.ts';
import { languagePackage, unreadable } from './language-package.ts';

export default defineCataloger({
  name: 'language/conda',
  version: 1,
  summary: 'Installed conda packages from conda-meta',
  provides: ['packages'],
  evidence: 'packages',
  ecosystem: 'conda',
  maxBytes: 64 * 1024 * 1024,
  selects: ({ path, type }) => type === 'file' && /(?:^|\/)conda-meta\/[^/]+-[^/]+-[^/]+\.json$/.test(path),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const { name, version, build, channel, subdir, license } = document.value;
    if (text(name) === undefined || text(version) === undefined) {
      yield unreadable(file, `it has no ${text(name) === undefined ? 'name' : 'version'}`);
      return;
    }
    // The channel is an address whose last parts are its name and the platform.
    const channelName = (text(channel) ?? '')
      .replace(/\/+$/, '')
      .replace(/\/(?:noarch|[a-z]+-[a-z0-9_]+)$/, '')
      .split('/')
      .at(-1);
    const qualifiers = { build: text(build), channel: text(channelName), subdir: text(subdir) };
    yield languagePackage(file, {
      type: 'conda',
      name: text(name) as string,
      version: text(version) as string,
      architecture: null,
      licenses: texts(license),
      purl: { qualifiers: Object.fromEntries(Object.entries(qualifiers).filter((entry): entry is [string, string] => entry[1] !== undefined)) },
    });
  },
});
