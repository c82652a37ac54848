import { describe, expect, test } from 'vitest';
import { type FixtureFile, serviceImageOf } from './image-files.fixture.ts';
import { startCommandOf } from './start-command.ts';

/** The scripts of official images, cut down to what starts the program. */
const scripts: Readonly<Record<string, FixtureFile>> = {
  '/docker-entrypoint.sh':
    '#!/bin/sh\nset -e\nif [ "$1" = "nginx" ]; then\n  find /docker-entrypoint.d -type f | while read -r f; do . "$f"; done\nfi\nexec "$@"\n',
  '/usr/local/bin/docker-entrypoint.sh': `#!/bin/sh\nif [ "\${1#-}" != "$1" ] || [ "\${1%.conf}" != "$1" ]; then\n\tset -- nginx "$@"\nfi\nif [ "$1" = 'nginx' -a "$(id -u)" = '0' ]; then\n\texec gosu app "$0" "$@"\nfi\nexec "$@"\n`,
  '/start.sh': '#!/bin/bash\n# nginx -c /comment\nnginx -t\nservice cron start\nexec nginx -c /etc/my.conf -g "daemon off;"\n',
  '/services.sh': '#!/bin/sh\nservice nginx start\ntail -f /dev/null\n',
  '/vars.sh': '#!/bin/sh\nnginx -c "$CONF" -g "$(make_globals)"\n',
  '/other.sh': '#!/bin/sh\nexec sleep 1\n',
  '/usr/bin/app': new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1]),
};

const direct = ['-g', 'daemon off;'];

describe('startCommandOf', () => {
  test.each<[name: string, entrypoint: string[], cmd: string[], runs: boolean | null, words: string[]]>([
    ['nothing', [], [], false, []],
    ['the program', [], ['nginx', ...direct], true, direct],
    ['its path', ['/usr/sbin/nginx'], direct, true, direct],
    ['another program', ['/usr/bin/app'], ['nginx'], false, []],
    ['a shell', [], ['bash'], false, []],
    ['shell form', [], ['/bin/sh', '-c', 'nginx -g "daemon off;"'], true, direct],
    ['shell form with exec and a variable before', [], ['/bin/sh', '-c', 'A=1 exec nginx -g "daemon off;"'], true, direct],
    ['shell form with several commands', [], ['/bin/sh', '-c', 'nginx -t && nginx -g "daemon off;" > /dev/null 2>&1'], null, direct],
    ['behind tini', ['/sbin/tini', '-s', '--', 'nginx'], direct, true, direct],
    ['behind several wrappers', ['dumb-init', '--', 'gosu', 'www', 'env', 'A=1', 'nice', '-n', '5', 'nginx'], direct, true, direct],
    ['a script that ends in exec "$@"', ['/docker-entrypoint.sh'], ['nginx', ...direct], true, direct],
    ['the same with another program', ['/docker-entrypoint.sh'], ['sleep', '1'], false, []],
    ['a script that puts the program in front', ['docker-entrypoint.sh'], ['-g', 'daemon off;'], true, direct],
    ['a script that starts it', ['/start.sh'], [], null, ['-c', '/etc/my.conf', '-g', 'daemon off;']],
    ['a script of a shell', ['bash', '-e', '/start.sh'], [], null, ['-c', '/etc/my.conf', '-g', 'daemon off;']],
    ['a service script', ['/services.sh'], [], null, []],
    ['a script that starts another', ['/other.sh'], [], false, []],
    ['an init system', ['/sbin/init'], [], null, []],
    ['supervisord', [], ['/usr/bin/supervisord', '-c', '/etc/s.conf'], null, []],
    ['a probe', [], ['/bin/sh', '-c', 'nginx -t'], false, []],
    ['a script that is not there', ['/entrypoint.sh'], ['nginx', ...direct], null, direct],
  ])('%s', (_, entrypoint, cmd, runs, words) => {
    const start = startCommandOf(serviceImageOf({ files: scripts, configuration: { entrypoint, cmd } }), ['nginx']);
    expect({ runs: start.runs, arguments: start.arguments }).toEqual({ runs, arguments: words });
    expect(start.uncertainty === null).toBe(runs !== null);
  });

  test('variables are filled in from the image and named', () => {
    const image = serviceImageOf({ files: scripts, configuration: { entrypoint: ['/vars.sh'], env: ['CONF=/etc/env.conf'] } });
    const start = startCommandOf(image, ['nginx']);
    expect(start.arguments.slice(0, 2)).toEqual(['-c', '/etc/env.conf']);
    expect(start.uncertainty).toBe('its command line holds $CONF, a command');
  });

  test('a script that cannot be read yet leaves it open', () => {
    const image = serviceImageOf({
      files: { '/docker-entrypoint.sh': { pending: true } },
      configuration: { entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx'] },
    });
    expect(startCommandOf(image, ['nginx']).runs).toBeNull();
  });

  test('a script that calls itself ends', () => {
    const image = serviceImageOf({ files: { '/a.sh': '#!/bin/sh\nsh /a.sh "$@"\n' }, configuration: { entrypoint: ['/a.sh'], cmd: ['nginx'] } });
    expect(startCommandOf(image, ['nginx']).runs).not.toBe(true);
  });
});
