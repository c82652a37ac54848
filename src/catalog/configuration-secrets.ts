import type { Dockerfile, ImageConfiguration, ImageFacts, Secret } from '../model/index.ts';
import { redact, secretsIn } from '../secrets/index.ts';
import { secretOf } from './secrets.ts';

/** Secrets in environment, labels and history. */
export function configurationSecrets(configuration: ImageConfiguration, key: Uint8Array): Secret[] {
  const found = (text: string, source: Secret['source'], name: string, place: string): Secret[] =>
    secretsIn(text, place).map((hit) => secretOf(hit, key, { source, name, location: null }));
  return [
    ...configuration.env.flatMap((text) => found(text, 'env', text.split('=', 1)[0] as string, 'variable')),
    ...Object.entries(configuration.labels).flatMap(([name, value]) => found(`${name}=${value}`, 'label', name, 'label')),
    ...configuration.history.flatMap((entry, index) =>
      [entry.createdBy, entry.comment ?? ''].flatMap((text) => found(text, 'history', String(index + 1), 'history line')),
    ),
  ];
}

const variable = (text: string): string => redact(text, 'variable');
const line = (text: string): string => redact(text, 'history line');

/** The configuration with each secret in it replaced by its masked form. */
export function withoutSecrets(configuration: ImageConfiguration): ImageConfiguration {
  return {
    ...configuration,
    env: configuration.env.map(variable),
    entrypoint: configuration.entrypoint.map(line),
    cmd: configuration.cmd.map(line),
    healthcheck: configuration.healthcheck === null ? null : { ...configuration.healthcheck, test: configuration.healthcheck.test.map(line) },
    labels: Object.fromEntries(Object.entries(configuration.labels).map(([name, value]) => [name, redact(`${name}=${value}`, 'label').slice(name.length + 1)])),
    history: configuration.history.map((entry) => ({
      ...entry,
      createdBy: line(entry.createdBy),
      ...(entry.comment === undefined ? {} : { comment: line(entry.comment) }),
    })),
  };
}

/** Which image, likewise: its layers carry the lines that made them. */
export function factsWithoutSecrets(facts: ImageFacts): ImageFacts {
  return { ...facts, layers: facts.layers.map((layer) => ({ ...layer, createdBy: layer.createdBy === null ? null : line(layer.createdBy) })) };
}

/** A Dockerfile, likewise. */
export function dockerfileWithoutSecrets(dockerfile: Dockerfile): Dockerfile {
  return { ...dockerfile, instructions: dockerfile.instructions.map((each) => ({ ...each, arguments: line(each.arguments) })) };
}
