const day = 86_400_000;

/**
 * Why a source's state is too old, in words; undefined when it isn't. Counts from the time of the source's own state, never from
 * records or the import. A time that isn't known, or lies more than a day in the future, proves no freshness.
 * `maxAge`: days.
 */
export function ageProblem(asOf: string | null, now: Date, maxAge: number): string | undefined {
  if (asOf === null) return `nobody says of when their source's state is, and at most ${days(maxAge)} are allowed`;
  const age = (now.getTime() - Date.parse(asOf)) / day;
  if (Number.isNaN(age) || age < -1) return `their source's state is dated in the future (${asOf})`;
  return age > maxAge ? `their source's state is ${days(Math.floor(age * 10) / 10)} old (of ${asOf}), and at most ${days(maxAge)} are allowed` : undefined;
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);
