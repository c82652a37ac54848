import { test } from 'vitest';
import { testTrigger } from '../../testing/index.ts';
import latestTag from './latest-tag.ts';

testTrigger(
  latestTag,
  [
    { title: 'a tag with a digest', line: '', facts: { image: { reference: 'web:latest@sha256:00' } }, fires: ['web:latest@sha256:00'] },
    { title: 'a tag that only begins or ends like it', line: '', facts: { image: { tags: ['web:latest-1', 'latest', 'web:notlatest', 'latest:1'] } } },
    { title: 'one finding for one name', line: '', facts: { image: { reference: 'web:latest', tags: ['web:latest', 'web:latest'] } }, fires: ['web:latest'] },
    { title: 'what else could not be read does not matter', line: '', facts: {}, missing: ['configuration', 'packages'] },
  ],
  test,
);
