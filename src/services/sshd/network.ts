/**
 * Whether a text is a network that sshd refuses (addrmatch.c, addr_pton_cidr): a mask that is too long for the address
 * or leaves bits of the host set. What is no network at all counts as a pattern and is accepted.
 *
 * @param text `10.0.0.0/8`, `!2001:db8::/32`
 */
export function isInconsistentNetwork(text: string): boolean {
  const [, host = '', mask = ''] = /^!?([0-9a-fA-F:.]+)\/([0-9]{1,3})$/.exec(text) ?? [];
  const length = Number(mask);
  if (mask === '' || length > 128) return false;
  const bytes = host.includes(':') ? groupsOf(host) : octetsOf(host);
  if (bytes === undefined) return false;
  const bits = bytes.length * (host.includes(':') ? 16 : 8);
  if (length > bits) return true;
  const width = bits / bytes.length;
  return bytes.some((value, index) => {
    const kept = Math.max(0, Math.min(width, length - index * width));
    return value % 2 ** (width - kept) !== 0;
  });
}

function octetsOf(text: string): number[] | undefined {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9][0-9]{0,2})$/.test(octet) && Number(octet) < 256) ? octets.map(Number) : undefined;
}

/** The eight groups of an IPv6 address (RFC 4291, 2.2), without the form that ends in an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.includes('.')) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined;
}
