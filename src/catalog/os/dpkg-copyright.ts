import { defineCataloger } from '../cataloger.ts';

const copyright = /^usr\/share\/doc\/[^/]+\/copyright$/;

/** Short names of machine-readable copyright files (DEP-5, copyright-format 1.0): the first line of each License field. */
function machineReadable(text: string): string[] {
  return [...text.matchAll(/^License:[ \t]*(\S[^\n]*)$/gm)].map((match) => (match[1] as string).trim());
}

/** Other copyright files name the licences whose texts Debian keeps in one place. */
function commonLicenses(text: string): string[] {
  return [...text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9][A-Za-z0-9.+-]*[A-Za-z0-9+])/g)].map((match) => match[1] as string);
}

export default defineCataloger({
  name: 'os/dpkg-copyright',
  version: 1,
  summary: 'Licences of Debian and Ubuntu packages from their copyright files',
  provides: ['licenses'],
  evidence: 'packages',
  ecosystem: 'deb',
  maxBytes: 4 * 1024 * 1024,
  selects: ({ path, type }, request) => request.detail?.licenses === true && type === 'file' && path.startsWith('usr/share/doc/') && copyright.test(path),
  *read(file) {
    const text = file.text().replaceAll('\r\n', '\n');
    const isMachineReadable = /^Format(?:-Specification)?:[ \t]*\S/im.test(text.slice(0, 4096));
    const licenses = [...new Set(isMachineReadable ? machineReadable(text) : commonLicenses(text))].slice(0, 200);
    yield { kind: 'licenses', fact: { path: `/${file.path}`, licenses } };
  },
});
