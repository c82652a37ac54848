import type { Dockerfile, ImageConfiguration, ImageFacts, Secret } from '../model/index.ts';
import { masked, redact, secretsIn } from '../secrets/index.ts';
import { secretOf } from './secrets.ts';

/** What the image runs, each as one line. */
function commandsOf({ entrypoint, cmd, healthcheck }: ImageConfiguration): [name: string, line: string][] {
  return [
    ['entrypoint', entrypoint.join(' ')],
    ['cmd', cmd.join(' ')],
    ['healthcheck', (healthcheck?.test ?? []).join(' ')],
  ];
}

/** Secrets in environment, labels, commands and history. */
export function configurationSecrets(configuration: ImageConfiguration, key: Uint8Array): Secret[] {
  const found = (text: string, source: Secret['source'], name: string, place: string): Secret[] =>
    secretsIn(text, place).map((hit) => secretOf(hit, key, { source, name, location: null }));
  return [
    ...configuration.env.flatMap((text) => found(text, 'env', text.split('=', 1)[0] as string, 'variable')),
    ...Object.entries(configuration.labels).flatMap(([name, value]) => found(`${name}=${value}`, 'label', name, 'label')),
    ...commandsOf(configuration).flatMap(([name, text]) => found(text, 'command', name, 'history line')),
    ...configuration.history.flatMap((entry, index) =>
      [entry.createdBy, entry.comment ?? ''].flatMap((text) => found(text, 'history', String(index + 1), 'history line')),
    ),
  ];
}

const variable = (text: string): string => redact(text, 'variable');
const line = (text: string): string => redact(text, 'history line');

/** The words of a command without secrets: what one of them is may be told by the one before it. */
function words(list: readonly string[], by: 'form' | 'word' = 'form'): string[] {
  const hits = secretsIn(list.join(' '), 'history line');
  const withoutKnown = (word: string): string =>
    hits.reduce((text, hit) => text.replaceAll(Buffer.from(hit.secret, 'latin1').toString('utf8'), () => (by === 'word' ? 'masked' : masked(hit))), word);
  return list.map((word) => redact(withoutKnown(word), 'history line', by));
}

/** The configuration for readers of services, who take settings from commands and variables: a word stands for each secret. */
export function configurationForServices(configuration: ImageConfiguration): ImageConfiguration {
  const { env, entrypoint, cmd, healthcheck } = configuration;
  return {
    ...configuration,
    env: env.map((text) => redact(text, 'variable', 'word')),
    entrypoint: words(entrypoint, 'word'),
    cmd: words(cmd, 'word'),
    healthcheck: healthcheck === null ? null : { ...healthcheck, test: words(healthcheck.test, 'word') },
  };
}

/** The configuration with each secret in it replaced by its masked form. */
export function withoutSecrets(configuration: ImageConfiguration): ImageConfiguration {
  return {
    ...configuration,
    env: configuration.env.map(variable),
    entrypoint: words(configuration.entrypoint),
    cmd: words(configuration.cmd),
    healthcheck: configuration.healthcheck === null ? null : { ...configuration.healthcheck, test: words(configuration.healthcheck.test) },
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
