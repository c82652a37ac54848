import * as z from 'zod';

/** Schema of `portcullis.error.v1`. */
export const errorDocument = z
  .object({
    schema: z.literal('portcullis.error.v1'),
    code: z.string().describe('Stands in docs/errors.md with its exit code.'),
    message: z.string().describe('What and where, in one sentence.'),
    hint: z.string().nullable().describe('The way out.'),
  })
  .meta({ title: 'Portcullis error', description: 'What -o json prints instead of a result when the run failed.' });
