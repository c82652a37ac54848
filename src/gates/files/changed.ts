import { allowedPaths, isAllowed } from '../allowed-paths.ts';
import { defineTrigger } from '../trigger.ts';

export default defineTrigger({
  gate: 'files',
  name: 'changed',
  since: '0.2.0',
  summary: 'A file is not what the package manager put there.',
  why: 'A program or library that was changed behind the package manager’s back is patched by nobody, and may be an intruder’s.',
  remedy: 'Install the package again, or bring what was changed as a package or under /usr/local.',
  parameters: { allow: allowedPaths },
  needs: () => [{ kind: 'drift' }],
  translates: [
    {
      gate: 'FILECHECK',
      trigger: 'CHANGEDFILE',
      parameters: { allow: { to: 'allow', syntax: 'list' } },
      own: true,
      sample: { action: 'warn', parameters: '' },
      note: 'Configuration files don’t count (dpkg’s conffiles, rpm’s %config, /etc on Alpine), nor do files that are missing.',
    },
  ],
  examples: [
    {
      title: 'A program.',
      line: '',
      facts: {
        drift: [
          { package: 'coreutils', location: { path: '/bin/ls' } },
          { kind: 'unowned', package: null },
        ],
      },
      fires: ['/bin/ls'],
    },
    { title: 'Below a directory where that is known.', line: 'allow=/usr/share/', facts: { drift: [{ location: { path: '/usr/share/x' } }] }, fires: [] },
  ],
  *judge({ drift }, { allow }) {
    for (const { kind, package: owner, location } of drift) {
      if (kind !== 'changed' || isAllowed(location.path, allow)) continue;
      yield { state: 'fired', subject: location.path, message: `${location.path} differs from what the package ${owner ?? '?'} put there`, location };
    }
  },
});
