import type { Account } from '../../model/index.ts';
import type { ShadowFact } from '../cataloger.ts';

/** Joins accounts with their entries in /etc/shadow; of two entries with a name the first counts, as for getspnam(3). */
export function accountsOf(accounts: readonly Account[], shadow: readonly ShadowFact[]): Account[] {
  const entries = new Map<string, ShadowFact>();
  for (const entry of shadow) if (!entries.has(entry.name)) entries.set(entry.name, entry);
  return accounts.map((account) => {
    const entry = entries.get(account.name);
    if (entry === undefined) return { ...account, shadow: null };
    const { password, scheme, location } = entry;
    return { ...account, shadow: { password, scheme, location } };
  });
}
