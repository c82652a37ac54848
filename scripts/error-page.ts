import type { errorCodes, exitCodes } from '../src/errors.ts';
import { code, plain, table } from './markdown.ts';

/** `docs/errors.md`: exit codes, and every error code with its exit code and when it happens. */
export function errorPage(codes: typeof errorCodes, exits: typeof exitCodes): string {
  const meanings: Record<keyof typeof exitCodes, string> = {
    go: 'GO',
    stop: 'STOP',
    warn: 'WARN (`--accept warn` makes it 0; the last line still says WARN)',
    usage: 'wrong use: options, arguments, configuration',
    policy: 'the policy is not valid, holds no rule, or was refused',
    image: 'an image could not be found, read or verified',
    advisories: "the advisory store can't be opened or is damaged",
    output: 'an output could not be written',
    defect: 'a defect in Portcullis',
    interrupted: 'interrupted',
    terminated: 'ended',
  };
  return `
# Exit codes and errors

0, 1 and 2 are verdicts; no error ends with one of them.

${table(
  ['Exit code', 'Meaning'],
  (Object.keys(meanings) as (keyof typeof meanings)[]).map((name) => [`${exits[name]}`, meanings[name]]),
)}

An error says what happened and where, and the way out where there is one. With \`-o json\` it is a document (\`schemas/error.v1.json\`) whose
\`code\` is one of these.

${table(
  ['Code', 'Exit code', 'When'],
  Object.entries(codes).map(([name, { exit, when }]) => [code(name), `${exit}`, plain(when)]),
)}
`;
}
