import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'files',
  name: 'world-writable',
  since: '0.2.0',
  summary: 'Everyone may write a file, or a directory in which everyone may delete.',
  why: 'What everyone may write, a program that was taken over can replace: scripts that root runs, configuration, other users’ files.',
  remedy: 'Take the right away (chmod o-w), or set the sticky bit on a directory that is shared like /tmp (chmod +t).',
  parameters: { allow: allowedPaths },
  needs: () => [{ kind: 'files', detail: { files: { modeBits: 0o002 } } }],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'WORLDWRITABLE',
      parameters: { allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: '' },
    },
  ],
  examples: [
    {
      title: 'A script and a directory; /tmp is sticky.',
      line: '',
      facts: {
        files: [
          { path: '/usr/local/bin/run.sh', mode: 0o777 },
          { path: '/var/www/html', type: 'directory', mode: 0o777 },
          { path: '/tmp', type: 'directory', mode: 0o1777 },
        ],
      },
      fires: ['/usr/local/bin/run.sh', '/var/www/html'],
    },
    { title: 'What is allowed.', line: 'allow=/srv/shared/', facts: { files: [{ path: '/srv/shared/a', mode: 0o666 }] }, fires: [] },
    {
      title: 'Links and devices have no such right of their own.',
      line: '',
      facts: {
        files: [
          { path: '/dev/null', type: 'device', mode: 0o666 },
          { path: '/bin', type: 'symlink', mode: 0o777 },
        ],
      },
      fires: [],
    },
  ],
  *judge({ files }, { allow }) {
    for (const { path, type, mode, layer } of files) {
      const isShared = type === 'directory' && (mode & 0o1000) !== 0;
      if ((mode & 0o002) === 0 || isShared || (type !== 'file' && type !== 'directory') || isAllowed(path, allow)) continue;
      const what = type === 'directory' ? 'everyone may add, replace and delete files in' : 'everyone may write';
      yield { state: 'fired', subject: path, message: `${what} ${path} (mode ${mode.toString(8)})`, location: { path, layer } };
    }
  },
});
