import { describe, expect, test } from 'vitest';
import type { ExplanationDocument, FoundVulnerability, ImageVulnerabilities, VulnerabilitiesDocument } from '../model/index.ts';
import { explanationText } from './explanation-text.ts';
import type { RenderOptions } from './reporter.ts';
import { vulnerabilitiesTable, worstFirst } from './vulnerabilities-table.ts';

const options: RenderOptions = { color: false, width: 100, verbose: false, showExcepted: true, showIds: false };
const found = (name: string, more: Partial<FoundVulnerability> = {}): FoundVulnerability => ({
  ...{ id: 'GHSA-1', aliases: ['CVE-2026-1'], severity: 'high', severitySource: 'GHSA-1: CVSS 3.1', cvss: [], kev: null, epss: null },
  package: { purl: `pkg:npm/${name}@1`, name, version: '1', type: 'npm' },
  ...{ fixState: 'fixed', fixedIn: '2', published: null, modified: null, summary: null, source: 'npm' },
  matchedBy: { name, version: '1', range: '>= 0, < 2', through: 'package' },
  location: { path: '/app/package.json', layer: 0 },
  layer: { index: 0, diffId: null, createdBy: 'RUN npm ci' },
  ...more,
});
const image = (vulnerabilities: readonly FoundVulnerability[], more: Partial<ImageVulnerabilities> = {}): ImageVulnerabilities => ({
  ...{ reference: 'a.tar', digest: null, imageId: null, platform: 'linux/amd64', tags: [], verified: true, distribution: null },
  ...{ vulnerabilities, needed: [], problems: [] },
  ...more,
});
const documentOf = (...images: VulnerabilitiesDocument['images']): VulnerabilitiesDocument => ({
  ...{ schema: 'portcullis.vulnerabilities.v1', tool: { name: 'portcullis', version: '0' } },
  ...{ images, advisories: { digest: null, sources: [] }, evaluatedAt: '2026-01-01T00:00:00Z' },
});
const render = (document: VulnerabilitiesDocument, more: Partial<RenderOptions> = {}): string =>
  [...vulnerabilitiesTable.render(document, { ...options, ...more })].join('');

test('worst first: severity, then what is exploited, then names', () => {
  const kev = { dateAdded: '2026-01-01', dueDate: '2026-01-02', ransomware: false };
  const all = [found('b'), found('a'), found('z', { severity: 'critical' }), found('c', { kev }), found('u', { severity: 'unknown' })];
  expect(worstFirst(all).map((each) => each.package.name)).toEqual(['z', 'c', 'a', 'b', 'u']);
});

describe('the table', () => {
  test('one row a vulnerability, the fix, and what VEX says', () => {
    const vex = { source: 'vex.json', author: null, status: 'not_affected', justification: 'component_not_present', timestamp: null };
    const text = render(documentOf(image([found('left', { vex })])));
    expect(text).toContain('high      CVE-2026-1 (GHSA-1)');
    expect(text.replace(/\s+/g, ' ')).toContain('not_affected by vex.json: component_not_present');
    expect(text).toContain('1 found: 1 high; 1 of them answered by VEX');
  });
  test('what could not be judged never looks clean', () => {
    const problem = { id: 'x', kind: 'no-data', evidence: 'vulnerabilities', what: 'no advisories are loaded for npm', why: 'none', location: null } as const;
    const text = render(documentOf(image([], { problems: [problem], needed: [{ ecosystem: 'npm', state: 'no-data' }] })));
    expect(text).toContain('npm: no advisory data');
    expect(text).toContain('None found, but not everything could be judged.');
    expect(render(documentOf(image([], { needed: [{ ecosystem: 'Debian:8', state: 'end-of-life' }] })))).toContain('Debian:8: end of life');
  });
  test('an image that could not be read stands in its place', () => {
    expect(render(documentOf({ reference: 'x.tar', error: { code: 'IMAGE_FORMAT', message: 'It is none.', hint: null } }))).toContain('x.tar: It is none.');
  });
});

test('nothing hostile reaches the terminal', () => {
  const evil = 'a\u001b[2J\u202e\r\n::error::x\u0007';
  const vex = { source: evil, author: evil, status: evil, justification: evil, timestamp: evil };
  const cvss = [{ version: '3.1', vector: evil, score: 1, source: evil }] as const;
  const location = { path: evil, member: evil, layer: 0, line: 1 };
  const layer = { index: 0, diffId: null, createdBy: evil };
  const hostile = found(evil, {
    id: evil,
    aliases: [evil],
    summary: evil,
    severitySource: evil,
    cvss,
    fixedIn: evil,
    source: evil,
    vex,
    location,
    layer,
    published: evil,
    modified: evil,
  });
  const problem = { id: evil, kind: 'no-data', evidence: 'vulnerabilities', what: evil, why: evil, location } as const;
  const about = { reference: evil, tags: [evil], distribution: { id: evil, version: evil, name: evil }, problems: [problem] };
  const document = documentOf(image([hostile], { ...about, needed: [{ ecosystem: evil, state: 'no-data' }] }));
  const explained: ExplanationDocument = {
    ...{ schema: 'portcullis.explanation.v1', tool: document.tool, finding: evil, advisories: document.advisories, evaluatedAt: evil },
    images: [
      {
        ...image([hostile], about),
        comparisons: [
          {
            ...{ purl: hostile.package.purl, advisory: evil, withdrawn: false, ecosystem: evil, name: evil, through: 'source', version: evil, origin: evil },
            ...{ order: { name: evil, specification: evil }, listed: { count: 1, contains: true }, result: 'affected' },
            ranges: [{ type: evil, events: [{ event: evil, version: evil, comparison: '?' }] }],
          },
        ],
        packages: [
          {
            ...{ purl: hostile.package.purl, name: evil, version: evil, source: { name: evil, version: evil }, ownedBy: evil },
            ...{ places: [{ location, layer }], resolutions: [evil] },
          },
        ],
      },
    ],
  };
  for (const width of [40, 100]) {
    const texts = [
      render(document, { width }),
      render(document, { width, verbose: true }),
      [...explanationText.render(explained, { ...options, width })].join(''),
    ];
    for (const text of texts) {
      expect(text).not.toMatch(/[^\x20-\x7e\n]/);
      expect(text).not.toMatch(/^\s*::/m);
    }
  }
});
