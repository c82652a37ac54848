import type { ImageInput } from '../model/index.ts';

/** What a document that stands in place of an image is: its form, who wrote it and of what. Not neutralised. */
export function inputLine({ format, generator, subject }: ImageInput): string {
  const parts = [subject.name, subject.version, subject.digest === subject.version ? null : subject.digest].filter((part) => part !== null);
  return `${format}${generator === null ? '' : ` by ${generator}`}${parts.length === 0 ? '' : ` of ${parts.join(' ')}`}, not verified`;
}
