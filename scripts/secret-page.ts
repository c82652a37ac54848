import type { secretRules } from '../src/secrets/index.ts';
import { code, plain, table } from './markdown.ts';

/** The page on secrets: what is searched, what counts where, and every rule. */
export function secretPage(rules: typeof secretRules): string {
  const rows = rules.map(({ name, what, confidence, formerly }) => [code(name), plain(what), confidence, formerly.map(code).join(' ')]);
  return [
    '# Secrets',
    `${rules.length} rules look for keys, tokens and passwords that lie open. What is found is reported by rule, place and a masked form; the secret itself stays where it is (decision [15](decisions/0015-what-is-kept-of-a-secret.md)). Policies ask by [secrets/found](gates/secrets.md).`,
    '## What is searched',
    [
      '- Every regular file of every layer, of any size, binaries too; also those that a later layer deletes or replaces. Text in one byte a character or UTF-8, and text in UTF-16 of either byte order, with or without a mark, as a whole file or between other bytes.',
      '- The members of zip (jar, war, wheel, docx …), tar, gzip and zstd archives, and of archives in them up to four deep. What an archive is is told by its first bytes, not by its name; of zip archives behind a script the name counts. A file may unpack to 8 MiB and a hundred times its size, at most to 1 GiB, and is held in memory: archives above 256 MiB are a problem that leaves the rules undecided.',
      '- A damaged or cut-off archive is searched as far as it goes. Bytes in it that can’t be read (encrypted, damaged, compressed in another way) are a problem, save in the tests of installed packages.',
      '- Environment variables, labels, entrypoint, command, health check, and the lines of the history.',
    ].join('\n'),
    'Not searched: pictures, sounds and fonts in archives; what is compressed with bzip2 or xz, or lies in other archives (7z, rar, ar, cpio) or databases; objects of Git.',
    '## What counts where',
    [
      '- `confidence` says how certain it is that something is a secret and not known to all. Documentation, tests and examples of installed packages, standard libraries, and libraries of the distribution lie open in their registries: what stands there is of low confidence, whatever its rule says; so is a value in a package of a language that only its name makes a secret. Real keys of test suites are seen with `confidence=low`.',
      '- Where samples are to be expected (manuals, sources of installed packages, between the strings of a program) a token must have the checksum of its service (GitHub, npm), a key must be one by its bytes, a JSON Web Token must say something of somebody, and a password must be one that somebody would use. Elsewhere the form is enough.',
      '- Values that stand in the place of a secret (`changeme`, `<token>`, `${TOKEN}`, AWS’s documented example) are none.',
      '- What may be there is named in the policy: `allow` for paths, `skip` for rules, an exception for a single finding.',
    ].join('\n'),
    '## Rules',
    table(['Rule', 'It finds', 'Confidence', 'Older names'], rows),
  ].join('\n\n');
}
