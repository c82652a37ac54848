import * as z from 'zod';
import { mozillaLevel, mozillaLevels } from '../tls-vocabulary.ts';

/** A level of Mozilla's guideline with its version, as a parameter. */
export const levelParameter = z
  .string()
  .refine((name) => mozillaLevel(name) !== undefined, {
    error: (issue) => {
      const levels = [...mozillaLevels.values()];
      const level = /^mozilla:(\w+)/.exec(String(issue.input))?.[1];
      const versions = levels.filter((each) => each.level === level).map(({ version }) => version);
      return versions.length > 0
        ? `needs one of the versions ${versions.map((version) => `@${version}`).join(', ')}`
        : 'is no level such as mozilla:intermediate@5.8';
    },
  })
  .optional();
