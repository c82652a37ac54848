import { PortcullisError } from '../errors.ts';

const form = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** The time of `--now`, else the clock's. @throws PortcullisError USAGE */
export function parseNow(text: string | undefined): Date {
  if (text === undefined) return new Date();
  const date = form.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(date.getTime())) throw new PortcullisError('USAGE', `"${text}" is not a time.`, { hint: 'Write it as 2026-01-31 or 2026-01-31T12:00:00Z.' });
  return date;
}
