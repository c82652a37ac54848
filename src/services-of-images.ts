import { defaultLimits } from './archive/index.ts';
import { catalog } from './catalog/index.ts';
import { eachImage, type ImageChoice, withBinaryRules } from './each-image.ts';
import { distributionInDocument, identityInDocument, problemsInDocument } from './image-in-document.ts';
import type { LayerCache } from './layer/index.ts';
import type { Evidence, ImageError, ImageServices, Request, ServicesDocument } from './model/index.ts';
import { version } from './version.ts';

const requests: readonly Request[] = [{ kind: 'services' }, { kind: 'packages' }, { kind: 'distribution' }];

function servicesIn({ image, facts, problems }: Evidence): ImageServices {
  return {
    ...identityInDocument(image),
    ...(image.input === undefined ? {} : { input: image.input }),
    distribution: distributionInDocument(facts.distribution),
    services: facts.services ?? [],
    problems: problemsInDocument(problems),
  };
}

/** The services of images with their effective configuration; an image that can't be read gets an error in its place. */
export async function servicesOfImages(references: readonly string[], choice: ImageChoice, cache?: LayerCache): Promise<ServicesDocument> {
  const images: (ImageServices | ImageError)[] = [];
  for (const reference of references) {
    images.push(
      ...(await eachImage(reference, choice, async (image) =>
        servicesIn(await catalog(image, withBinaryRules(requests, choice), { limits: defaultLimits, dockerfile: null, cache })),
      )),
    );
  }
  return { schema: 'portcullis.services.v1', tool: { name: 'portcullis', version }, images };
}
