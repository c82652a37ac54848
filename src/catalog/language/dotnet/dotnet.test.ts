import { test } from 'vitest';
import { testCataloger } from '../../../testing/index.ts';
import { expectDamageToShow } from '../testing/index.ts';
import depsJson from './deps-json.ts';
import packagesLock from './packages-lock.ts';

const deps = JSON.stringify({
  runtimeTarget: { name: '.NETCoreApp,Version=v8.0' },
  targets: { '.NETCoreApp,Version=v8.0': { 'App/1.0.0': { dependencies: { 'Newtonsoft.Json': '13.0.1' } } } },
  libraries: {
    'App/1.0.0': { type: 'project', serviceable: false, sha512: '' },
    'runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1': { type: 'runtimepack' },
    'Newtonsoft.Json/13.0.1': { type: 'package', serviceable: true, sha512: 'sha512-x', path: 'newtonsoft.json/13.0.1' },
    'Loose.Reference/2.0.0.0': { type: 'reference' },
  },
});

testCataloger(
  depsJson,
  {
    takes: ['app/App.deps.json', 'usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json'],
    leaves: ['app/deps.json', 'app/App.runtimeconfig.json'],
    files: [
      {
        title: 'packages and the framework that comes with it, no projects',
        path: 'app/App.deps.json',
        content: deps,
        facts: {
          packages: [
            { type: 'nuget', name: 'Microsoft.NETCore.App.Runtime.linux-x64', version: '8.0.1', lockfile: false },
            { name: 'Newtonsoft.Json', version: '13.0.1', locations: [{ path: '/app/App.deps.json' }] },
          ],
        },
      },
      { title: 'with a byte order mark', path: 'a.deps.json', content: `\uFEFF${deps}`, facts: { packages: [{}, {}] } },
      { title: 'none', path: 'a.deps.json', content: '{"libraries":{}}' },
      { title: 'empty', path: 'a.deps.json', content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'no libraries', path: 'a.deps.json', content: '{"targets":{}}', problems: [{ kind: 'unreadable' }] },
      { title: 'corrupt', path: 'a.deps.json', content: '{"libraries":{"a":{"type":"package"}}}', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

const lock = JSON.stringify({
  version: 1,
  dependencies: {
    'net6.0': { Serilog: { type: 'Direct', requested: '[2.0.0, )', resolved: '2.0.0' }, other: { type: 'Project' } },
    'net8.0': { Serilog: { type: 'Direct', resolved: '2.0.0' }, 'System.Memory': { type: 'Transitive', resolved: '4.5.5' } },
  },
});

testCataloger(
  packagesLock,
  {
    takes: ['src/packages.lock.json', 'src/packages.App.lock.json'],
    leaves: ['package-lock.json', 'src/packages.json'],
    files: [
      {
        title: 'each version once, no projects',
        path: 'packages.lock.json',
        content: lock,
        facts: {
          packages: [
            { type: 'nuget', name: 'Serilog', version: '2.0.0', lockfile: true },
            { name: 'System.Memory', version: '4.5.5' },
          ],
        },
      },
      { title: 'none', path: 'packages.lock.json', content: '{"version":1,"dependencies":{}}' },
      { title: 'empty', path: 'packages.lock.json', content: '', problems: [{ kind: 'unreadable' }] },
      {
        title: 'corrupt',
        path: 'packages.lock.json',
        content: '{"dependencies":{"net6.0":1,"net8.0":{"a":2}}}',
        problems: [{ kind: 'unreadable' }, { kind: 'unreadable' }],
      },
    ],
  },
  test,
);

test('damage shows', () => {
  expectDamageToShow(depsJson, 'a.deps.json', JSON.stringify({ libraries: { 'A/1': { type: 'package' }, 'B/2': { type: 'package' } } }));
  expectDamageToShow(packagesLock, 'packages.lock.json', lock);
});
