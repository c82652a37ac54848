import type { CommandSpec } from './command.ts';
import { imageOptions } from './image-options.ts';

/** Words that stand before several commands. */
export const groups: readonly (readonly [string, string])[] = [
  ['policy', 'Write, choose and read policies'],
  ['feeds', 'Load advisories and see what is loaded'],
  ['cache', 'Look after what is remembered of layers'],
];

/** Every command, in the order of the help. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'gate',
    summary: 'Judge images by a policy: GO (exit code 0), WARN (2) or STOP (1)',
    arguments: [
      [
        '[images...]',
        'file or directory (docker save, OCI layout, root file system), - for standard input, else an image of Docker, Podman or a registry; a prefix forces which: docker-archive:, oci:, dir:, skopeo-dir:, docker:, podman:, registry:; @FILE lists images',
      ],
    ],
    options: [
      'image',
      'imagefile',
      'policy',
      'dockerfile',
      'k8s',
      'compose',
      ...imageOptions,
      'global-whitelist',
      'image-whitelist',
      'now',
      'accept',
      'output',
      'json',
      'plain',
      'show-whitelisted',
      'show-triggerids',
      'no-cache',
      'show-gatehelp',
      'show-policytemplate',
      'timeout',
    ],
    load: () => import('./commands/gate.ts'),
    isDefault: true,
  },
  {
    name: 'catalog',
    summary: 'List what is in an image, or write an SBOM of it: -o table, json, cyclonedx-json, spdx-json, purls',
    arguments: [['<image>', 'the image, as for gate']],
    options: [...imageOptions, 'only', 'now', 'output', 'no-cache', 'timeout'],
    load: () => import('./commands/catalog.ts'),
  },
  {
    name: 'services',
    summary: 'List the services of an image with their effective configuration',
    arguments: [['<image>', 'the image, as for gate']],
    options: [...imageOptions, 'output', 'no-cache', 'timeout'],
    load: () => import('./commands/services.ts'),
  },
  {
    name: 'gates',
    summary: 'Describe every gate, trigger and parameter',
    arguments: [['[name]', 'a gate or GATE.TRIGGER']],
    options: ['json'],
    load: () => import('./commands/gates.ts'),
  },
  {
    parent: 'policy',
    name: 'template',
    summary: 'Print a policy with every available trigger, ready to be edited',
    options: [],
    load: () => import('./commands/policy-template.ts'),
  },
  {
    parent: 'policy',
    name: 'samples',
    summary: 'List the built-in policies, or print one',
    arguments: [['[name]', 'a built-in policy']],
    options: [],
    load: () => import('./commands/policy-samples.ts'),
  },
  {
    parent: 'feeds',
    name: 'import',
    summary: "Load advisories in OSV format, in the layout of OSV's public bucket",
    arguments: [['<source>', 'a directory, a zip or a URL']],
    options: ['timeout'],
    load: () => import('./commands/feeds-import.ts'),
  },
  {
    parent: 'feeds',
    name: 'status',
    summary: 'Show which advisories are loaded and how old their source is',
    options: ['json'],
    load: () => import('./commands/feeds-status.ts'),
  },
  {
    parent: 'cache',
    name: 'status',
    summary: 'Show where the layer cache is and what it holds',
    options: ['json'],
    load: () => import('./commands/cache-status.ts'),
  },
  {
    parent: 'cache',
    name: 'prune',
    summary: 'Shrink the layer cache to its size limit, or to so many MiB',
    arguments: [['[mebibytes]', 'how much may stay']],
    options: [],
    load: () => import('./commands/cache-prune.ts'),
  },
  { parent: 'cache', name: 'clear', summary: 'Empty the layer cache', options: [], load: () => import('./commands/cache-clear.ts') },
];
