import { problemOf } from './catalog/index.ts';
import { PortcullisError } from './errors.ts';
import { evidenceDigest } from './evidence-digest.ts';
import type { Evidence, EvidenceDocument, Image, ImageFacts, ImageInput, Problem } from './model/index.ts';
import { evidenceDocument } from './reports/schema/evidence.ts';

/** What can be judged: without its digest too. */
const readable = evidenceDocument.partial({ digest: true });

/** A name with a tag, as a registry or an engine knows it; a path or a prefix in front is none. */
const named = /^(?:[\w.-]+(?::\d+)?\/)*[\w.-]+:[\w.-]+(?:@sha\d+:[0-9a-f]+)?$/;

function inputOf(document: EvidenceDocument, { image, facts }: Evidence): ImageInput {
  const marked = (facts.vulnerabilities ?? []).filter(({ vex }) => vex !== undefined).length;
  const made =
    facts.vulnerabilities === undefined
      ? []
      : [
          `Vulnerabilities were matched at ${document.evaluatedAt} with ${document.advisories === null ? 'no advisories' : `the advisories ${document.advisories}`}.`,
        ];
  return {
    kind: 'evidence',
    format: image.input === undefined ? document.schema : `${document.schema} of ${image.input.format}`,
    generator: `${document.tool.name} ${document.tool.version}`,
    subject: image.input?.subject ?? { name: image.tags[0] ?? image.reference, version: null, digest: image.digest ?? image.imageId },
    notes: [...(image.input?.notes ?? []), ...made, ...(marked > 0 ? [`${marked} VEX marks in it are not applied.`] : [])],
  };
}

/** What is known of the image as a claim: its digests are shown, and select nothing. */
function claimed(document: EvidenceDocument, evidence: Evidence, reference: string): ImageFacts {
  const { image } = evidence;
  const isName = image.input === undefined && named.test(image.reference) && !image.tags.includes(image.reference);
  return {
    ...image,
    reference,
    digest: null,
    imageId: null,
    verified: false,
    tags: isName ? [...image.tags, image.reference] : image.tags,
    input: inputOf(document, evidence),
  };
}

/**
 * Of evidence that is not as it was written nothing is known for certain: what is there counts, what isn't may have been
 * taken out.
 */
function* changed(evidence: Evidence): Generator<Problem> {
  for (const kind of new Set(['image' as const, ...evidence.coverage.map(({ request }) => request.kind)])) {
    yield problemOf({
      kind: 'contradiction',
      evidence: kind,
      cause: 'outside',
      what: 'the evidence file',
      why: 'it is not as portcullis wrote it (its digest is another), so something may have been taken out',
      subject: 'changed',
    });
  }
}

/**
 * The evidence that a file holds of one image, checked against its schema. Whoever could write the file could write anything:
 * it is shown as unverified, its digests select no exception, and VEX marks in it count for nothing. Where it isn't as it
 * was written, no rule is decided for certain.
 * @throws PortcullisError IMAGE_INVALID
 */
export function withStoredEvidence(image: Image): Image {
  const { document } = image;
  if (document?.format !== 'evidence') return image;
  const { reference } = image.facts;
  const parsed = readable.safeParse(document.content);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'it is not valid' };
    throw new PortcullisError('IMAGE_INVALID', `${reference} is not valid evidence: ${path.join('.').slice(0, 200)}: ${message.slice(0, 200)}.`, {
      hint: 'Write it again with portcullis evidence; a newer version may have written it.',
    });
  }
  const whole = parsed.data as EvidenceDocument;
  const stored = whole.images[document.index] as Evidence;
  const facts = claimed(whole, stored, reference);
  const doubts = whole.digest === evidenceDigest(document.content) ? [] : [...changed(stored)];
  const vulnerabilities = stored.facts.vulnerabilities?.map(({ vex: _, ...match }) => match);
  const { document: _, ...rest } = image;
  return {
    ...rest,
    facts,
    evidence: {
      ...stored,
      image: facts,
      facts: { ...stored.facts, image: facts, ...(vulnerabilities === undefined ? {} : { vulnerabilities }) },
      problems: [...stored.problems, ...doubts],
    },
  };
}
