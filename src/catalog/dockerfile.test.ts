import { describe, expect, test } from 'vitest';
import type { ImageConfiguration } from '../model/index.ts';
import { dockerfileContradictions, dockerfileOf, parseDockerfile } from './dockerfile.ts';

const short = (text: string): string[] => parseDockerfile(text).map(({ keyword, arguments: rest, line, stage }) => `${stage}:${line} ${keyword} ${rest}`);

describe('parsing', () => {
  test.each<[string, string, string[]]>([
    ['empty', '', []],
    ['comments alone', '# a\n\n  # b\n', []],
    [
      'stages are counted, keywords in any case',
      'ARG V=1\nfrom a:$V as b\n\nFrom scratch\n  copy --from=b /x /y',
      ['0:1 ARG V=1', '0:2 FROM a:$V as b', '1:4 FROM scratch', '1:5 COPY /x /y'],
    ],
    ['continued lines', 'FROM a\nRUN x && \\\n    y && \\\n\tz\nUSER b', ['0:1 FROM a', '0:2 RUN x && y && z', '0:5 USER b']],
    ['a word that goes on in the next line', 'LABEL a="x\\\ny"', ['0:1 LABEL a="xy"']],
    ['CRLF', 'FROM a\r\nRUN x \\\r\n y\r\nUSER b\r\n', ['0:1 FROM a', '0:2 RUN x y', '0:4 USER b']],
    ['comments and empty lines between continued lines', 'RUN x \\\n  # sudo is no part of it \\\n\n  y\nCMD a', ['0:1 RUN x y', '0:5 CMD a']],
    ['a hash inside a line is no comment', 'RUN echo "a # b" # c', ['0:1 RUN echo "a # b" # c']],
    ['another escape character', '# escape=`\nFROM a\nRUN x `\n  y\\\nUSER b', ['0:2 FROM a', '0:3 RUN x y\\', '0:5 USER b']],
    [
      'a here-document is no instruction',
      'FROM a\nRUN <<EOF\nsudo apt\nUSER root\nEOF\nUSER b',
      ['0:1 FROM a', '0:2 RUN <<EOF\nsudo apt\nUSER root\nEOF', '0:6 USER b'],
    ],
    ['a byte order mark', '\uFEFFFROM a', ['0:1 FROM a']],
    ['what ends in the middle', 'FROM a\nRUN x \\', ['0:1 FROM a', '0:2 RUN x']],
    ['no arguments', 'FROM', ['0:1 FROM ']],
  ])('%s', (_, text, expected) => expect(short(text)).toEqual(expected));

  test('thousands of instructions and continuations', () => {
    const text = `FROM a\n${'RUN x \\\n  y\n'.repeat(5000)}`;
    expect(parseDockerfile(text)).toHaveLength(5001);
  });
});

const nothing: ImageConfiguration = {
  user: '',
  exposedPorts: [],
  env: [],
  entrypoint: [],
  cmd: [],
  workingDir: '',
  labels: {},
  volumes: [],
  healthcheck: null,
  created: null,
  history: [],
};

function rebuilt(...lines: string[]): string[] {
  const history = lines.map((createdBy) => ({ createdBy, emptyLayer: true, layer: null }));
  return dockerfileOf(null, { ...nothing, history }).instructions.map(({ keyword, arguments: rest, line }) => `${line} ${keyword} ${rest}`);
}

describe('rebuilt from the history', () => {
  test.each([
    // The classic builder.
    ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
    ['/bin/sh -c #(nop) ADD file:3cdaefd789c857 in / ', 'ADD file:3cdaefd789c857 in /'],
    ['/bin/sh -c #(nop)  EXPOSE 22/tcp 80/tcp', 'EXPOSE 22/tcp 80/tcp'],
    ['/bin/sh -c apt-get update && apt-get install -y sudo', 'RUN apt-get update && apt-get install -y sudo'],
    ['|1 TOKEN=secret /bin/sh -c make', 'RUN make'],
    ['|2 A=b c /bin/sh C= /bin/sh -c make', 'RUN make'],
    ['/bin/bash -o pipefail -c apt-get update', 'RUN /bin/bash -o pipefail -c apt-get update'],
    ['/bin/bash -o pipefail -c #(nop)  USER app', 'USER app'],
    ['/bin/sh -c echo "#(nop) USER app"', 'RUN echo "#(nop) USER app"'],
    // BuildKit.
    ['CMD ["nginx" "-g" "daemon off;"]', 'CMD ["nginx" "-g" "daemon off;"]'],
    ['RUN /bin/sh -c apk add curl # buildkit', 'RUN apk add curl'],
    ['RUN |1 V=1.2 /bin/sh -c make # buildkit', 'RUN make'],
    ['RUN /bin/bash -c make # buildkit', 'RUN /bin/bash -c make'],
    ['COPY . /app # buildkit', 'COPY . /app'],
    ['EXPOSE map[443/tcp:{} 80/tcp:{}]', 'EXPOSE 443/tcp 80/tcp'],
    ['EXPOSE [8080/tcp]', 'EXPOSE 8080/tcp'],
    ['VOLUME [/data /logs]', 'VOLUME /data /logs'],
    ['VOLUME ["/data"]', 'VOLUME ["/data"]'],
    ['HEALTHCHECK &{["CMD-SHELL" "true"] "30s" "0s" "0s" \'\\x00\'}', 'HEALTHCHECK &{["CMD-SHELL" "true"] "30s" "0s" "0s" \'\\x00\'}'],
    ['user app', 'USER app'],
    // Other builders.
    ['bazel build //image:server', 'RUN bazel build //image:server'],
  ])('%s', (createdBy, expected) => expect(rebuilt(createdBy)).toEqual([`1 ${expected}`]));

  test.each(['', '   ', '# debian.sh --arch amd64 out/ bookworm', 'apko', '# buildkit'])('%j is no instruction', (createdBy) => {
    expect(rebuilt(createdBy)).toEqual([]);
    expect(dockerfileOf(null, { ...nothing, history: [{ createdBy, emptyLayer: true, layer: null }] }).mode).toBe('none');
  });

  test('the line is the place in the history', () => expect(rebuilt('# base', 'USER a', '', 'USER b')).toEqual(['2 USER a', '4 USER b']));
  test('a given Dockerfile counts in its place', () => {
    const given = dockerfileOf({ path: 'Dockerfile', text: 'FROM a' }, { ...nothing, history: [{ createdBy: 'USER a', emptyLayer: true, layer: null }] });
    expect(given).toMatchObject({ mode: 'given', path: 'Dockerfile', instructions: [{ keyword: 'FROM' }] });
  });
  test('lines of a megabyte', () => {
    const long = ' '.repeat(1_000_000);
    expect(rebuilt(`RUN a${long}b`)).toHaveLength(1);
    expect(rebuilt(`|1 ${'/bin/sh'.repeat(100_000)}`)).toHaveLength(1);
    expect(rebuilt(`/bin/sh${long}# buildkit x`)).toHaveLength(1);
  });
});

describe('where the image contradicts the Dockerfile', () => {
  const healthy = {
    ...nothing,
    user: 'app',
    exposedPorts: ['80/tcp', '53/udp'],
    volumes: ['/data'],
    cmd: ['a', 'b'],
    entrypoint: ['e'],
    healthcheck: { test: ['CMD', 'true'] },
  };
  const against = (text: string, configuration: ImageConfiguration = healthy): string[] =>
    [...dockerfileContradictions(dockerfileOf({ path: 'D', text }, configuration), configuration)].map(({ what, kind, cause }) => `${what} ${kind} ${cause}`);
  const at = (line: number): string[] => [`D, line ${line} contradiction outside`];

  test.each([
    'FROM a\nUSER app\nEXPOSE 80 53/UDP\nVOLUME /data\nHEALTHCHECK CMD true\nENTRYPOINT ["e"]\nCMD ["a", "b"]',
    'FROM a\nVOLUME ["/data"]\nEXPOSE $PORT\nEXPOSE 8000-8010\nUSER $NAME\nCMD a b',
    'FROM build\nUSER other\nEXPOSE 9\nFROM a',
    'FROM a\nUSER root\nUSER app',
    '',
  ])('nothing: %j', (text) => expect(against(text)).toEqual([]));

  test.each([
    ['FROM a\nUSER root', 2],
    ['FROM a\nEXPOSE 80 81', 2],
    ['FROM a\nEXPOSE 53', 2],
    ['FROM a\nVOLUME ["/data", "/other"]', 2],
    ['FROM a\nHEALTHCHECK NONE', 2],
    ['FROM a\nCMD ["a"]', 2],
    ['FROM a\nENTRYPOINT []', 2],
  ])('%j', (text, line) => expect(against(text)).toEqual(at(line)));

  test('a health check that the image does not have, or has switched off', () => {
    expect(against('FROM a\nHEALTHCHECK CMD true', { ...healthy, healthcheck: null })).toEqual(at(2));
    expect(against('FROM a\nHEALTHCHECK CMD true', { ...healthy, healthcheck: { test: ['NONE'] } })).toEqual(at(2));
    expect(against('FROM a\nHEALTHCHECK NONE', { ...healthy, healthcheck: { test: ['NONE'] } })).toEqual([]);
  });

  test('a rebuilt Dockerfile is the image’s own word', () => {
    const configuration = { ...healthy, history: [{ createdBy: 'USER other', emptyLayer: true, layer: null }] };
    expect([...dockerfileContradictions(dockerfileOf(null, configuration), configuration)]).toEqual([]);
  });
});
