/** Files that tell the distribution and its release, in the order in which they count. */
export const releasePaths = [
  'etc/os-release',
  'usr/lib/os-release',
  'etc/lsb-release',
  'etc/alpine-release',
  'etc/system-release-cpe',
  'etc/redhat-release',
  'etc/centos-release',
  'etc/system-release',
  'etc/SuSE-release',
  'etc/debian_version',
] as const;
export type ReleasePath = (typeof releasePaths)[number];
