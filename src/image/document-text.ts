import { headOf } from './container.ts';

/** How a document that stands in place of an image is written, as far as its first bytes tell. */
export type TextForm = 'json' | 'tag-value' | 'xml' | 'yaml' | 'utf-16';

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Where the text begins: behind a byte order mark of UTF-8. */
export function afterMark(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** What a text is by its first bytes; null: none that is known. */
export function textFormOf(head: Buffer): TextForm | null {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'utf-16';
  // Without a mark: `{` or `<`, and what follows it.
  const begins = (byte: number | undefined): boolean => byte === 0x7b || byte === 0x3c;
  if ((head[0] === 0 && begins(head[1])) || (begins(head[0]) && head[1] === 0 && head[2] !== 0)) return 'utf-16';
  if (head.includes(0)) return null;
  const text = head.toString('latin1', afterMark(head)).replace(/^(?:\s+|#[^\n]*\n)+/, '');
  if (/^[{[]/.test(text)) return 'json';
  if (/^<(?:[?!]|[A-Za-z])/.test(text)) return 'xml';
  if (/^SPDXVersion:/.test(text)) return 'tag-value';
  return /^(?:---\s*\n)?(?:\s*#[^\n]*\n)*["']?(?:spdxVersion|SPDXID|bomFormat|dataLicense|creationInfo)["']?:/.test(text) ? 'yaml' : null;
}

/** What a file is by its first bytes, where it may be a document; a tar archive whose first name begins like one is none. */
export async function documentFormOf(path: string): Promise<TextForm | null> {
  const head = await headOf(path, 4096);
  if (head.toString('latin1', 257, 262) === 'ustar') return null;
  return textFormOf(head);
}
