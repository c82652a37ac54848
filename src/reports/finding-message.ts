import type { Finding } from '../model/index.ts';

/** A finding's message, in which an undecided finding can be told from one that fired. Not neutralised. */
export function findingMessage({ state, message }: Finding): string {
  return state === 'undecided' && !message.startsWith('undecided') ? `undecided: ${message}` : message;
}
