import { arch } from 'node:os';
import { PortcullisError } from '../errors.ts';
import type { Platform } from '../model/index.ts';

/** Node's architecture names → those of OCI (Go's GOARCH). */
const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  arm64: 'arm64',
  arm: 'arm',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
};

/** Linux on this machine's architecture: images are for Linux, also when this machine runs macOS. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: architectures[arch()] ?? arch() };
}

/** @throws PortcullisError USAGE when the text isn't `os/architecture[/variant]` */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [os, architecture, variant] = parts;
  if (parts.length < 2 || parts.length > 3 || !os || !architecture || variant === '' || !parts.every((part) => /^[a-z0-9._-]+$/.test(part))) {
    throw new PortcullisError('USAGE', `"${text}" is not a platform.`, {
      hint: 'Write it as os/architecture[/variant], for example linux/amd64 or linux/arm/v7; all means every one.',
    });
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** As `parsePlatform`, or `all`. @throws PortcullisError USAGE */
export function parsePlatformChoice(text: string): Platform | 'all' {
  return text === 'all' ? 'all' : parsePlatform(text);
}

export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, ...(platform.variant === undefined ? [] : [platform.variant])].join('/');
}

/** arm64 without a variant is v8; arm without one is v7 (containerd's platforms package). */
function variantOf(platform: Platform): string {
  if (platform.variant !== undefined) return platform.variant;
  return platform.architecture === 'arm64' ? 'v8' : platform.architecture === 'arm' ? 'v7' : '';
}

/**
 * How well an offered platform serves the wanted one: 0 exactly, more for an older arm variant that it can run,
 * undefined not at all.
 */
export function platformFit(wanted: Platform, offered: Platform): number | undefined {
  if (wanted.os !== offered.os || wanted.architecture !== offered.architecture) return undefined;
  const want = variantOf(wanted);
  const offer = variantOf(offered);
  if (want === offer) return 0;
  if (wanted.architecture !== 'arm') return wanted.variant === undefined && wanted.architecture !== 'arm64' ? 1 : undefined;
  const distance = Number(want.slice(1)) - Number(offer.slice(1));
  return distance > 0 ? distance : undefined;
}
