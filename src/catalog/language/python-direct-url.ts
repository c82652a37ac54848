import { defineCataloger } from '../cataloger.ts';
import { type Fields, isFields, jsonObject, text } from './document.ts';
import { unreadable } from './language-package.ts';
import { archive, directory, type Origin, repository } from './origin.ts';

/** The digest of an archive: `hashes`, before them `hash` (`sha256=…`). */
function sha256Of({ hashes, hash }: Fields): string | undefined {
  return isFields(hashes) ? text(hashes.sha256) : /^sha256=(.*)$/.exec(text(hash) ?? '')?.[1];
}

/** What the record says of the origin; undefined where it says nothing that PEP 610 knows. */
function originOf({ url, vcs_info: vcs, archive_info: packed, dir_info: local, subdirectory }: Fields): Origin | undefined {
  const address = text(url);
  if (address === undefined) return undefined;
  if (isFields(vcs)) {
    const name = text(vcs.vcs);
    if (name === undefined || !/^[a-z]+$/.test(name)) return undefined;
    return repository(name, address, { revision: text(vcs.commit_id) ?? text(vcs.requested_revision), subdirectory: text(subdirectory) });
  }
  if (isFields(packed)) return archive(address, sha256Of(packed));
  return isFields(local) ? directory(local.editable === true) : undefined;
}

/** The directory that a `file:` URL names; undefined for other URLs. */
function directoryOf(url: string): string | undefined {
  const path = /^file:\/\/(?:localhost)?(\/.*?)\/*$/s.exec(url)?.[1];
  try {
    return path === undefined ? undefined : decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

export default defineCataloger({
  name: 'language/python-direct-url',
  version: 1,
  summary: 'Where Python distributions were installed from when not by name from an index (direct_url.json, PEP 610)',
  provides: ['origins'],
  evidence: 'packages',
  ecosystem: 'pypi',
  maxBytes: 1024 * 1024,
  throughLinks: true,
  selects: ({ path, type }) => type === 'file' && path.endsWith('/direct_url.json') && /\.dist-info\/direct_url\.json$/.test(path),
  *read(file) {
    const document = jsonObject(file);
    if (document.problem !== undefined) {
      yield document.problem;
      return;
    }
    const origin = originOf(document.value);
    if (origin === undefined) {
      yield unreadable(file, 'it says neither a repository, nor an archive, nor a directory');
      return;
    }
    const source = origin.kind === 'editable' ? directoryOf(String(document.value.url)) : undefined;
    yield {
      kind: 'origins',
      fact: {
        origin: origin.kind,
        qualifiers: origin.qualifiers,
        location: { path: `/${file.path}` },
        ...(source === undefined ? {} : { source }),
      },
    };
  },
});
