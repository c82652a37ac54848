import { describe, expect, test } from 'vitest';
import { imagesOfKubernetes } from './kubernetes.ts';

const names = (text: string) => imagesOfKubernetes(text, 'x.yaml').images.map(({ reference }) => reference);
const spec = (image: string) => `{containers: [{name: c, image: ${image}}]}`;

describe('every kind of workload', () => {
  test.each([
    ['Pod', `spec: ${spec('i')}`],
    ['PodTemplate', `template: {spec: ${spec('i')}}`],
    ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'ReplicationController', 'Job', 'DeploymentConfig', 'Rollout'].map((kind) => [
      kind,
      `spec: {template: {spec: ${spec('i')}}}`,
    ]),
    ['CronJob', `spec: {jobTemplate: {spec: {template: {spec: ${spec('i')}}}}}`],
  ])('%s', (kind, rest) => {
    const { images } = imagesOfKubernetes(`apiVersion: v1\nkind: ${kind}\nmetadata: {name: n}\n${rest}\n`, 'x.yaml');
    expect(images).toEqual([{ reference: 'i', usedBy: [`${kind}/n, container c`] }]);
  });
});

test('init and ephemeral containers and image volumes count, each image once', () => {
  const { images } = imagesOfKubernetes(
    `kind: Pod
metadata: {name: p}
spec:
  initContainers: [{name: a, image: one}]
  containers: [{name: b, image: two}, {name: c, image: one}]
  ephemeralContainers: [{name: d, image: three}]
  volumes: [{name: v, image: {reference: four}}, {name: w, emptyDir: {}}]
`,
    'x.yaml',
  );
  expect(images.map(({ reference }) => reference)).toEqual(['one', 'two', 'three', 'four']);
  expect(images[0]?.usedBy).toEqual(['Pod/p, init container a', 'Pod/p, container c']);
});

test('several documents, Lists, JSON, anchors, and what has no image', () => {
  const text = `---
kind: ConfigMap
data: {containers: "- image: no"}
---
kind: List
items:
  - {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [&c {name: x, image: r/a}]}}
  - {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{<<: *c, image: r/b}]}}
---
---
{"kind": "Pod", "metadata": {"generateName": "g-"}, "spec": {"containers": [{"image": "r/c:1"}, {"name": "none"}]}}
`;
  const { images, notes } = imagesOfKubernetes(text, 'x.yaml');
  expect(images).toEqual([
    { reference: 'r/a', usedBy: ['Pod/a, container x'] },
    { reference: 'r/b', usedBy: ['Pod/b, container x'] },
    { reference: 'r/c:1', usedBy: ['Pod/g-…, container 1'] },
  ]);
  expect(notes).toEqual(['Pod/g-…, container none names no image.']);
});

test('a schema that describes containers is no workload', () => {
  expect(() => names('kind: CustomResourceDefinition\nspec: {containers: {type: array, items: {properties: {image: {type: string}}}}}')).toThrow(
    'names no image',
  );
});

describe('is refused', () => {
  test.each([
    ['no image', 'kind: ConfigMap\n'],
    ['nothing', ''],
    ['no YAML', 'kind: [\n'],
    ['a key twice', 'kind: Pod\nkind: Pod\n'],
    [
      'aliases that unfold without end',
      ['a: &a [x,x,x,x,x,x,x,x,x]', ...'bcdefghi'.split('').map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)].join('\n'),
    ],
    ['depth without end', `a: ${'['.repeat(20_000)}`],
    ['depth', `${'{a: '.repeat(150)}1${'}'.repeat(150)}`],
  ])('%s', (_, text) => expect(() => names(text)).toThrow(expect.objectContaining({ code: 'USAGE_FILE' })));
});
