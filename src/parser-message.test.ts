import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parserMessage } from './parser-message.ts';

const thrown = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

test('what parsers quote isn’t in their message', () => {
  const secret = 'ghp_a1B2c3D4e5F6g7H8i9J0';
  const broken = [
    () => JSON.parse(secret),
    () => JSON.parse(`{"a": ${secret}`),
    () => JSON.parse(`{"token": "${secret}"`),
    () => JSON.parse(`["${secret}"x]`),
    () => parseYaml(`a: *${secret}`),
    () => parseYaml(`a: "${secret}" ${secret}`),
    () => parseYaml(`a: !${secret} [`, { logLevel: 'error' }),
    () => parseYaml(`? ${secret}\n:: [${secret}`),
    () => parseToml(`a = ${secret}`),
    () => parseToml(`[${secret}\n[${secret}]`),
  ];
  let told = 0;
  for (const run of broken) {
    const error = thrown(run);
    if (error === undefined) continue;
    told++;
    const message = parserMessage(error);
    expect(message.length).toBeGreaterThan(5);
    expect(message).not.toContain(secret.slice(0, 8));
    expect(message).not.toContain('\n');
  }
  expect(told).toBeGreaterThan(6);
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (before, after) => {
      expect(parserMessage(thrown(() => JSON.parse(`${before}${secret}${after}`)))).not.toContain(secret);
    }),
  );
});
