/** Shannon's entropy of a text, in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy;
}

/** Words that stand in the place of a secret in documentation and templates. */
const placeholder =
  /example|sample|dummy|placeholder|change.?me|change.?it|replace|redacted|your[-_. ]|insert|fixme|todo|xxxx|\.\.\.|\*\*\*|<[^<>]*>|\$\{|\$\(|\{\{|%\(|%s|^\$|^@@|^%[^%]+%$|deadbeef|foobar/i;

/** Whether a text stands where a secret would, without being one. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text) || /^(.)\1*$/.test(text);
}

/** Counted rather than chosen. */
function isSequence(text: string): boolean {
  return /^\W*0?123456?7?8?9?0?\W*$|^(?:abc|a1b2c3)/i.test(text);
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

/**
 * Whether what is assigned to a name such as `password` is a value that somebody chose, rather than a word of the program, a
 * path, a variable or an expression.
 * @param quoted whether it stood in quotes: then it is no expression
 */
export function isChosenValue(value: string, quoted: boolean): boolean {
  if (value.length < 6 || value.length > 512 || isPlaceholder(value) || isSequence(value) || emptyWords.has(value.toLowerCase())) return false;
  if (/^[./~]|^[a-z]+:\/\/[^@]*$|\s/i.test(value) || (!quoted && /[(){}[\]<>;,]/.test(value))) return false;
  // A word alone, or words joined as names are (`user_password`, `passwordField`, `self.token`), are names.
  if (/^[a-z]+(?:[-_.:][a-z]+)*$/i.test(value)) return false;
  return entropyOf(value) >= 2.5 && /\d/.test(value) && /[a-z]/i.test(value);
}

/** Whether something was set as a secret where nothing but secrets stands: an environment variable named PASSWORD. */
export function isSetValue(value: string): boolean {
  return value.length >= 3 && !isPlaceholder(value) && !emptyWords.has(value.toLowerCase()) && !/^[/~]|^\d{1,5}$|^[a-z]+:\/\/[^@]*$/i.test(value);
}

/** base64 whose content has the form `name:password`. */
export function holdsCredentials(text: string): boolean {
  const decoded = Buffer.from(text, 'base64').toString('latin1');
  const colon = decoded.indexOf(':');
  return colon > 0 && colon < decoded.length - 1 && /^[\x20-\x7e]+$/.test(decoded) && !isPlaceholder(decoded);
}
