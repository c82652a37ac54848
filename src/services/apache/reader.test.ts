import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { imageFilesOf, packageOf, serviceImageOf } from '../image-files.fixture.ts';
import { apacheReader } from './reader.ts';

test('x', () => {
  const files: Record<string, string> = {};
  for (const [p, t] of Object.entries(JSON.parse(readFileSync('/tmp/weak.json', 'utf8')))) files[p] = t as never;
  const image = serviceImageOf({
    files,
    packages: [packageOf('deb', 'apache2-bin', '2.4.57-2'), packageOf('deb', 'libssl3', '3.0.11-1')],
    configuration: { cmd: ['apachectl', '-D', 'FOREGROUND'] },
  });
  const [service] = [...apacheReader.read(image)];
  console.log(JSON.stringify(service?.problems, null, 1), service?.runs, service?.entry, service?.version);
  for (const scope of service?.scopes ?? [])
    console.log(
      JSON.stringify(scope.scope),
      JSON.stringify(scope.listen),
      JSON.stringify(scope.tls)?.slice(0, 3000),
      '\n  ' +
        scope.settings.map((s) => `${s.key}=${s.value} [${JSON.stringify(s.origin)}]${s.certain ? '' : '?' + s.uncertainty} ${s.shadowed.length}`).join('\n  '),
    );
});
