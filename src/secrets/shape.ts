/** So much of a text tells its shape. */
const TELLING = 128;

/** Shannon's entropy of a text, in bits a character; of a long one that of its beginning. */
export function entropyOf(text: string): number {
  const length = Math.min(text.length, TELLING);
  const counts = new Uint8Array(256);
  let entropy = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at) & 0xff;
    counts[code] = (counts[code] as number) + 1;
  }
  for (const count of counts) if (count > 0) entropy -= (count / length) * Math.log2(count / length);
  return entropy;
}

/** Words that stand in the place of a secret in documentation and templates. */
const placeholder =
  /example|sample|dummy|placeholder|change.?me|change.?it|replace|redacted|your[-_. ]|insert|fixme|todo|xxxx|\.\.\.|\*\*\*|<[^<>]*>|\$\{|\$\(|\{\{|%\(|%s|^\$|^@@|^\\?[$@%].*[$@%]$|^\{\w+\}$|deadbeef|foobar/i;

/** Whether a text stands where a secret would, without being one. */
export function isPlaceholder(text: string): boolean {
  const beginning = text.slice(0, TELLING);
  return placeholder.test(beginning) || /^(.)\1*$/.test(beginning);
}

/** Counted rather than chosen. */
function isSequence(text: string): boolean {
  return /^\W*0?123456?7?8?9?0?\W*$|^(?:abc(?:d(?:e(?:f\w*)?)?)?|a1b2c3)\d*$/i.test(text);
}

/** Whether a token is one that somebody typed for a manual or a test. */
export function isSampleToken(secret: string): boolean {
  return /1234567890|0123456789|abcdefgh|(.)\1{5}|test|fake|mock|invalid|secret|token|mytoken/i.test(
    secret.replace(/^[A-Za-z]{2,10}(?:[-_][A-Za-z]{2,10})*[-_]/, ''),
  );
}

const emptyWords = new Set(
  'null,nil,none,true,false,undefined,yes,no,on,off,optional,required,string,text,hidden,prompt,ask,auto,default,env,secret,secrets,password,passwd,token,key,file,value,unset,disabled,enabled,prohibit-password,without-password,forced-commands-only'.split(
    ',',
  ),
);

/** Whether a token of a service is as random as its service makes it. */
export function isRandom(secret: string): boolean {
  return !isPlaceholder(secret) && entropyOf(secret) > 2.5;
}

/** `scram-sha-256`, `pbkdf2_sha256`, `aes-256-gcm`, `HS256`. */
const algorithm = /^(?:scram[-_])?(?:sha[-_]?\d|aes[-_]?\d|md5|pbkdf2|argon2|bcrypt|scrypt|[ehr]s(?:256|384|512)$)[\w-]{0,20}$/i;

/** Words joined as paths, names and versions are: `projects/app/secrets/oauth/versions/1`, `secret_manager_v1`. */
function isNamePath(value: string): boolean {
  const parts = value.split(/[-_.:/@]/);
  return parts.length > 1 && parts.every((part) => /^(?:[a-z]+|[A-Z]+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)*|v?\d{1,4}|[a-z]+\d)?$/.test(part));
}

/** `V1LocalObjectReference`. */
function isCamelCase(value: string): boolean {
  return value.length >= 16 && /^(?:[a-z]{2,}\d{0,2})?(?:[A-Z][a-z]{2,}\d{0,2}|[A-Z]{1,3}\d?(?=[A-Z]|$))+$/.test(value);
}

/**
 * Whether what is assigned to a name such as `password` is a value that somebody chose, rather than a word of the program, a
 * path, a variable or an expression.
 * @param quoted whether it stood in quotes: then it is no expression
 * @param strictly where more names than values stand: a word with a number, or words joined to a path, are names too
 */
export function isChosenValue(value: string, quoted: boolean, strictly = false): boolean {
  if (value.length < 6 || value.length > 512 || algorithm.test(value) || isPlaceholder(value) || isSequence(value) || emptyWords.has(value.toLowerCase()))
    return false;
  if (/^[./~]|^[a-z]+:\/\/[^@]*$|\s/i.test(value) || (!quoted && /[(){}[\]<>;,]/.test(value))) return false;
  // Expressions, and text of other scripts as properties files write it.
  if (/\w\[[^\]]*\]|\w\([^)]*\)|\\u[0-9a-f]{4}/i.test(value)) return false;
  // A word alone, or words joined as names are (`user_password`, `passwordField`, `self.token`), are names.
  if (/^[a-z]+(?:[-_.:][a-z]+)*$/i.test(value)) return false;
  if (value.includes('/') && isNamePath(value)) return false;
  if (strictly && (/^[a-z]+\d{1,4}$|password|passwd|secret|token/i.test(value) || isNamePath(value) || isCamelCase(value))) return false;
  return entropyOf(value) >= 2.5 && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Whether something was set as a secret where nothing but secrets stands: an environment variable named PASSWORD. */
export function isSetValue(value: string): boolean {
  return (
    value.length >= 3 &&
    !algorithm.test(value) &&
    !isPlaceholder(value) &&
    !emptyWords.has(value.toLowerCase()) &&
    !/^[/~]|^\d{1,5}$|^[a-z]+:\/\/[^@]*$/i.test(value)
  );
}

/** Whether a value is random enough to be made by a generator: for names that say little. */
export function isGenerated(value: string): boolean {
  return (
    !isPlaceholder(value) &&
    !isNamePath(value) &&
    /\d/.test(value) &&
    /[a-z]/i.test(value) &&
    entropyOf(value) >= Math.min(/^[0-9a-f-]+$/i.test(value) ? 3 : 3.5, 0.8 * Math.log2(value.length))
  );
}

/** base64 whose content has the form `name:password`. */
export function holdsCredentials(text: string): boolean {
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  const colon = decoded.indexOf(':');
  return colon > 0 && colon < decoded.length - 1 && /^[\x20-\x7e]+$/.test(decoded) && !isPlaceholder(decoded);
}
