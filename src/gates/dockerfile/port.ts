/** Ports from `first` to `last` of one protocol; protocol null stands for any. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
  readonly protocol: string | null;
}

const form = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i;

/** Reads `22`, `22/tcp`, `8000-8010/udp` (Dockerfile reference, EXPOSE); undefined for anything else. */
export function parsePort(text: string): PortRange | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return first > last || last > 65_535 ? undefined : { first, last, protocol: match[3]?.toLowerCase() ?? null };
}

/** Whether the two have a port in common. */
export function overlaps(a: PortRange, b: PortRange): boolean {
  return (a.protocol === null || b.protocol === null || a.protocol === b.protocol) && a.first <= b.last && b.first <= a.last;
}

/** Whether every port of `range` lies in one of `allowed`. */
export function covers(allowed: readonly PortRange[], range: PortRange): boolean {
  let next = range.first;
  const usable = allowed.filter((each) => each.protocol === null || each.protocol === range.protocol).sort((a, b) => a.first - b.first);
  for (const each of usable) {
    if (each.first > next) break;
    next = Math.max(next, each.last + 1);
  }
  return next > range.last;
}
