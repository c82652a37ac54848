import * as z from 'zod';

/** A digest (OCI image-spec, descriptor.md). */
export const digest = z.templateLiteral([z.enum(['sha256', 'sha512']), ':', z.string().regex(/[0-9a-f]+/)]).describe('Algorithm and lower-case hex.');

export const action = z.enum(['go', 'warn', 'stop']).describe('Ordered: go < warn < stop.');

export const tool = z.object({ name: z.literal('portcullis'), version: z.string() });

/** Where a fact comes from. */
export const location = z.object({
  path: z.string().describe('Absolute path in the image.'),
  layer: z.int().min(0).exactOptional().describe('Index of the layer, from 0, the base; absent where the source has no layers.'),
  line: z.int().min(1).exactOptional().describe('From 1.'),
});

/** An image that could not be judged or read. */
export const imageError = z.object({
  reference: z.string().describe('As the caller typed it.'),
  error: z.object({
    code: z.string().describe('Stands in docs/errors.md.'),
    message: z.string(),
    hint: z.string().nullable().describe('The way out.'),
  }),
});
