/** True for this machine itself, whose traffic nobody else sees. @param hostname of a URL: an IPv6 address may stand in brackets */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]' || hostname === '::1';
}
