import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Makes `key.pem` and `cert.pem` (RSA 2048, CN=localhost, 30 days) in a directory, with the local openssl. */
export function makeSelfSigned(directory: string): void {
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost', ...files], { stdio: 'pipe' });
}
