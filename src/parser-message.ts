/** Characters of a message that are shown. */
const SHOWN = 100;

/**
 * What a parser says is wrong, in one line and without what it quotes: parsers of JSON, YAML and TOML quote what they read, and that may
 * be a secret.
 */
export function parserMessage(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] as string;
  return line
    .replace(/(["'`])(?:(?!\1).){2,}?(?:\1|$)/g, '$1…$1')
    .replace(/(: )[^\s"'`()]{12,}/g, '$1…')
    .slice(0, SHOWN);
}
