import * as z from 'zod';
import { patternFault } from '../patterns/index.ts';

/** A regular expression of a policy; what can't be read, or has no bound on its time, is refused when the policy is read. */
export const expression = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const fault = patternFault(text);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: `is no expression that can be used: it ${fault}` });
  });
