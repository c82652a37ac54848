/** Exit codes of the process (`docs/errors.md`). 0, 1 and 2 are verdicts and stand here for no error. */
export const exitCodes = {
  go: 0,
  stop: 1,
  warn: 2,
  usage: 3,
  policy: 4,
  image: 5,
  advisories: 6,
  output: 7,
  defect: 70,
  interrupted: 130,
  terminated: 143,
} as const;

interface ErrorKind {
  readonly exit: number;
  /** When it happens, for the documentation. */
  readonly when: string;
}

/** Every error code, its exit code and when it happens. A test compares this with what is thrown. */
export const errorCodes = {
  USAGE: { exit: exitCodes.usage, when: 'An option, an argument or a combination of them is wrong.' },
  USAGE_FILE: { exit: exitCodes.usage, when: 'A file that an option or argument names (not an image, a policy or a feed) cannot be read.' },
  POLICY_NOT_FOUND: { exit: exitCodes.policy, when: 'The policy is neither a readable file nor the name of a built-in policy.' },
  POLICY_INVALID: { exit: exitCodes.policy, when: 'The policy has errors; each is listed with its line and column.' },
  POLICY_EMPTY: { exit: exitCodes.policy, when: 'The policy holds no rule, so it could not judge anything.' },
  ALLOWLIST_INVALID: { exit: exitCodes.policy, when: 'A whitelist file cannot be read or has a line that is not valid.' },
  BINARY_RULES_INVALID: { exit: exitCodes.usage, when: 'A file of rules for programs cannot be read or has errors; each is listed with its line and column.' },
  VEX_INVALID: { exit: exitCodes.usage, when: 'A VEX document cannot be read, or is in no form that is known.' },
  FINDING_NOT_FOUND: { exit: exitCodes.usage, when: 'No advisory that is loaded names the finding to explain for a package of the image.' },
  IMAGE_NOT_FOUND: { exit: exitCodes.image, when: 'No file or directory lies at the image reference, and no engine or registry has the image.' },
  IMAGE_UNREADABLE: { exit: exitCodes.image, when: 'The image cannot be opened or read, for example for lack of permission.' },
  IMAGE_FORMAT: { exit: exitCodes.image, when: 'The file is not an image in a form that is known.' },
  IMAGE_INVALID: { exit: exitCodes.image, when: 'The image is damaged: truncated, contradictory or not as its format demands.' },
  IMAGE_DIGEST: { exit: exitCodes.image, when: 'A manifest, configuration or layer does not have the digest that it is named by.' },
  IMAGE_LIMIT: { exit: exitCodes.image, when: 'The image exceeds a limit (entries, sizes, ratio, depth, names).' },
  IMAGE_CHOICE: { exit: exitCodes.image, when: 'No image of the archive has the tag or platform that was asked for, or the archive contradicts itself.' },
  REGISTRY_UNREACHABLE: { exit: exitCodes.image, when: 'A registry cannot be reached, or its answers end early again and again.' },
  REGISTRY_DENIED: { exit: exitCodes.image, when: 'A registry gives no access to the image: it needs another login, or does not exist.' },
  REGISTRY_LIMITED: { exit: exitCodes.image, when: 'A registry limits how often it may be asked, and the limit is reached.' },
  REGISTRY_ANSWER: { exit: exitCodes.image, when: 'A registry answers what its protocol does not allow, or lacks a part of the image.' },
  ENGINE_UNREACHABLE: { exit: exitCodes.image, when: 'The container engine (Docker, Podman) that was asked for does not answer, or not as it should.' },
  IMAGE_TIMEOUT: { exit: exitCodes.image, when: 'The run took longer than --timeout.' },
  FEED_NOT_FOUND: { exit: exitCodes.advisories, when: 'The advisories to import cannot be found or fetched.' },
  FEED_INVALID: { exit: exitCodes.advisories, when: 'The advisories to import are damaged or not in OSV format; nothing was changed.' },
  FEED_STALE: { exit: exitCodes.advisories, when: 'The state of a source is older than --max-feed-age allows (portcullis feeds check).' },
  SCANNER_UNAVAILABLE: { exit: exitCodes.usage, when: 'The malware scanner that --clamav names cannot be reached or started, or gave up on the way.' },
  STORE_UNREADABLE: { exit: exitCodes.advisories, when: 'The advisory store cannot be opened.' },
  STORE_DAMAGED: { exit: exitCodes.advisories, when: 'The advisory store is damaged.' },
  OUTPUT: { exit: exitCodes.output, when: 'A report could not be written.' },
  DEFECT: { exit: exitCodes.defect, when: 'A defect in Portcullis.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error that a user can act on. `message` says what and where in one sentence, `hint` the way out;
 * `code` decides the exit code.
 */
export class PortcullisError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PortcullisError';
    this.code = code;
    this.hint = options.hint ?? null;
  }
}

/** The exit code for whatever was thrown: the code's own for a PortcullisError, 70 for everything else. */
export function exitCodeOf(error: unknown): number {
  return error instanceof PortcullisError ? errorCodes[error.code].exit : exitCodes.defect;
}
