import { test } from 'vitest';
import { zipFixture } from '../../archive/zip.fixture.ts';
import { testCataloger } from '../../testing/index.ts';
import pythonEgg from './python-egg.ts';
import { expectDamageToShow } from './testing/index.ts';

const path = 'usr/lib/python2.7/site-packages/My.Egg-1.2-py2.7.egg';
const metadata = 'Metadata-Version: 1.1\nName: My.Egg\nVersion: 1.2\nLicense: MIT\n';
const egg = zipFixture([
  { name: 'my/__init__.py', content: '' },
  { name: 'EGG-INFO/PKG-INFO', content: metadata },
  { name: 'EGG-INFO/zip-safe', content: '\n' },
]);
const member = 'EGG-INFO/PKG-INFO';

testCataloger(
  pythonEgg,
  {
    takes: [path, 'app/dist/x-1.0-py3.6-linux-x86_64.egg', 'opt/site-packages/x.egg'],
    leaves: ['usr/lib/chicken/11/srfi-1.egg', 'opt/x.egg', `${path}/EGG-INFO/PKG-INFO`, 'opt/site-packages/a/b.egg', 'x-py3.egg.txt'],
    files: [
      {
        title: 'a zipped egg',
        path,
        content: egg,
        facts: {
          packages: [{ type: 'pypi', name: 'My.Egg', version: '1.2', licenses: ['MIT'], lockfile: false, locations: [{ path: `/${path}`, member }] }],
        },
      },
      {
        title: 'no metadata',
        path,
        content: zipFixture([{ name: 'a.py', content: '' }]),
        problems: [{ kind: 'unreadable', what: `/${path}!/${member}`, member }],
      },
      { title: 'empty metadata', path, content: zipFixture([{ name: member, content: '' }]), problems: [{ why: 'its header has no Name' }] },
      {
        title: 'no version',
        path,
        content: zipFixture([{ name: member, content: 'Name: a\n' }]),
        facts: { packages: [{ name: 'a', version: '' }] },
        problems: [{ why: 'its header has no Version' }],
      },
      { title: 'too large', path, content: zipFixture([{ name: member, content: metadata, size: 2 ** 31 }]), problems: [{ kind: 'limit' }] },
      { title: 'encrypted', path, content: zipFixture([{ name: member, content: metadata, flags: 1 }]), problems: [{ kind: 'unsupported' }] },
      { title: 'empty', path, content: '', problems: [{ kind: 'unreadable' }] },
      { title: 'no archive', path, content: 'text', problems: [{ kind: 'unreadable' }] },
    ],
  },
  test,
);

test('damage shows', () => expectDamageToShow(pythonEgg, path, egg));
