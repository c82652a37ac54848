import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Match } from '../model/index.ts';
import { affected, type Fields, looseRecords, pkg, record, temporaryDirectory } from './advisories.fixture.ts';
import { type Advisories, openAdvisories } from './advisories.ts';
import { readEpss } from './epss.ts';
import { feedsStatus, verifyStore } from './feeds-status.ts';
import { type ImportRequest, importFeeds } from './import.ts';
import { readKev } from './kev.ts';
import { readNvdSeverities } from './nvd-severity.ts';

const a = pkg('npm', 'a', '1.0.0');
const flaw = (id: string, more: Fields = {}): Fields => record(id, [affected('npm', 'a', ['introduced 0'])], more);
const kevEntry = (cveID: string, dateAdded = '2026-01-02', ransomware = 'Unknown'): Fields => ({
  cveID,
  dateAdded,
  dueDate: '2026-02-03',
  knownRansomwareCampaignUse: ransomware,
});
const kev = (...vulnerabilities: readonly unknown[]): Fields => ({ catalogVersion: '2026.01.05', dateReleased: '2026-01-05T10:00:00.5Z', vulnerabilities });
const nvd = (id: string, metrics: Fields, more: Fields = {}): Fields => ({ cve: { id, metrics, ...more } });
const metric = (vectorString: string, type = 'Primary', source = 'nvd@nist.gov'): Fields => ({ source, type, cvssData: { vectorString } });
const high = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
const medium = 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N';

function file(name: string, content: string | Buffer): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, content);
  return path;
}

async function matchesWith(records: readonly Fields[], request: ImportRequest): Promise<readonly Match[]> {
  const dataDir = temporaryDirectory();
  await importFeeds({ ...request, sources: [looseRecords(records)] }, { dataDir });
  await verifyStore({ dataDir });
  const advisories = (await openAdvisories({ dataDir })) as Advisories;
  try {
    return advisories.match([a], null, new Date('2026-06-01')).matches;
  } finally {
    advisories.close();
  }
}

describe('reading', () => {
  test('KEV: entries, version and time of release; what names no CVE is counted; a catalogue that lost entries is refused', () => {
    expect(readKev(kev(kevEntry('CVE-2026-1000'), kevEntry('GHSA-1'), null, kevEntry('CVE-2026-2000', 'soon')))).toEqual({
      kind: 'kev',
      version: '2026.01.05',
      asOf: '2026-01-05T10:00:00.500Z',
      entries: [['CVE-2026-1000', ['2026-01-02', '2026-02-03', false]]],
      rejected: 3,
    });
    expect(readKev({ ...kev(kevEntry('CVE-2026-1000')), count: 2 })).toBeUndefined();
    for (const other of [null, [], {}, { vulnerabilities: 1 }, 'x']) expect(readKev(other)).toBeUndefined();
  });
  test('EPSS: with and without comment and line feed at the end; values outside 0 to 1 are counted', () => {
    const rows = 'cve,epss,percentile\r\nCVE-2026-1000,0.5,0.75\nCVE-2026-2000,1.5,0\nCVE-2026-3000,1,2e-1\nrubbish\nCVE-2026-4000,0,0,0';
    expect(readEpss(`#model_version:v2026.01.01,score_date:2026-05-04T00:00:00+0000\n${rows}`)).toEqual({
      kind: 'epss',
      version: 'v2026.01.01',
      asOf: '2026-05-04T00:00:00.000Z',
      entries: [
        ['CVE-2026-1000', [0.5, 0.75]],
        ['CVE-2026-3000', [1, 0.2]],
      ],
      rejected: 3,
    });
    expect(readEpss(rows)).toMatchObject({ version: 'unstated', asOf: null });
    for (const other of ['', '#', 'cve,epss\n', 'cve,epss,percentile\n', '{}']) expect(readEpss(other)).toBeUndefined();
  });
  test('NVD: the newest CVSS first, NVD’s own before others; rejected CVEs and vectors that are none are left out', () => {
    const read = readNvdSeverities({
      format: 'NVD_CVE',
      version: '2.0',
      timestamp: '2026-05-04T01:02:03.456',
      vulnerabilities: [
        nvd('CVE-2026-1000', { cvssMetricV2: [metric('AV:N/AC:L/Au:N/C:P/I:P/A:P')], cvssMetricV31: [metric(medium, 'Secondary', 'cna@x'), metric(high)] }),
        nvd('CVE-2026-2000', { cvssMetricV31: [metric('CVSS:3.1/AV:Z')] }),
        nvd('CVE-2026-3000', { cvssMetricV31: [metric(high)] }, { vulnStatus: 'Rejected' }),
        nvd('x', {}),
      ],
    });
    expect(read).toEqual({
      kind: 'severity',
      version: 'NVD 2.0',
      asOf: '2026-05-04T01:02:03.456Z',
      entries: [
        [
          'CVE-2026-1000',
          [
            ['nvd@nist.gov', high],
            ['cna@x', medium],
            ['nvd@nist.gov', 'AV:N/AC:L/Au:N/C:P/I:P/A:P'],
          ],
        ],
      ],
      rejected: 1,
    });
    for (const other of [{}, { vulnerabilities: [{}] }, { vulnerabilities: [], version: '1.1' }]) expect(readNvdSeverities(other)).toBeUndefined();
  });
});

describe('matches', () => {
  const kevFile = file('kev.json', JSON.stringify(kev(kevEntry('CVE-2026-1000', '2026-03-03'), kevEntry('CVE-2026-2000', '2026-01-02', 'Known'))));
  const epssFile = file(
    'epss_scores-2026-05-04.csv.gz',
    gzipSync('#model_version:m,score_date:2026-05-04T00:00:00Z\ncve,epss,percentile\nCVE-2026-1000,0.25,0.5\nCVE-2026-2000,0.75,0.9\n'),
  );
  test.each([
    ['through an alias', [flaw('GHSA-1', { aliases: ['CVE-2026-1000'] })], { dateAdded: '2026-03-03', dueDate: '2026-02-03', ransomware: false }, 0.25],
    ['through upstream', [flaw('DEBIAN-1', { upstream: ['CVE-2026-1000'] })], { dateAdded: '2026-03-03', dueDate: '2026-02-03', ransomware: false }, 0.25],
    [
      'of several CVEs the first listed and the highest',
      [flaw('RLSA-1', { aliases: ['CVE-2026-1000', 'CVE-2026-2000'] })],
      { dateAdded: '2026-01-02', dueDate: '2026-02-03', ransomware: true },
      0.75,
    ],
    [
      'through the record of another name',
      [flaw('PYSEC-1', { aliases: ['GHSA-9'] }), record('GHSA-9', [affected('PyPI', 'z', ['introduced 0'])], { aliases: ['CVE-2026-1000'] })],
      { dateAdded: '2026-03-03', dueDate: '2026-02-03', ransomware: false },
      0.25,
    ],
    ['of a CVE that nobody lists', [flaw('GHSA-1', { aliases: ['CVE-2026-9999'] })], null, undefined],
  ])('exploitation %s', async (_, records, listed, score) => {
    const [match] = await matchesWith(records, { kev: kevFile, epss: epssFile });
    expect(match?.kev).toEqual(listed);
    expect(match?.epss?.score).toBe(score);
    if (match?.epss) expect(match.epss.date).toBe('2026-05-04');
  });
  test('a severity in NVD’s form counts only where no record has one, and says who stated it', async () => {
    const severities = [file('nvd.json', JSON.stringify({ vulnerabilities: [nvd('CVE-2026-1000', { cvssMetricV31: [metric(high)] })] }))];
    const [rated] = await matchesWith([flaw('GHSA-1', { aliases: ['CVE-2026-1000'] })], { severities });
    expect(rated).toMatchObject({ severity: 'high', severitySource: 'CVE-2026-1000 by nvd@nist.gov: CVSS 3.1', cvss: [{ vector: high, score: 7.5 }] });
    const own = flaw('GHSA-1', { aliases: ['CVE-2026-1000'], severity: [{ type: 'CVSS_V3', score: medium }] });
    expect((await matchesWith([own], { severities }))[0]).toMatchObject({ severity: 'medium', severitySource: 'GHSA-1: CVSS 3.1' });
    const word = flaw('GHSA-1', { aliases: ['CVE-2026-1000'], database_specific: { severity: 'LOW' } });
    expect((await matchesWith([word], { severities }))[0]).toMatchObject({ severity: 'low' });
  });
});

describe('importing', () => {
  test('a directory’s kev.json and newest scores are no records, and come along; alone too', async () => {
    const directory = join(temporaryDirectory(), 'mixed');
    mkdirSync(directory);
    writeFileSync(join(directory, 'kev.json'), JSON.stringify(kev(kevEntry('CVE-2026-1000'))));
    for (const day of ['2026-05-03', '2026-05-04']) {
      writeFileSync(join(directory, `epss_scores-${day}.csv`), `#model_version:m,score_date:${day}T00:00:00Z\ncve,epss,percentile\nCVE-2026-1000,0.1,0.2\n`);
    }
    const dataDir = temporaryDirectory();
    const first = await importFeeds({ sources: [directory] }, { dataDir });
    expect(first.imported.map(({ kind, asOf }) => [kind, asOf?.slice(0, 10)]).sort()).toEqual([
      ['epss', '2026-05-04'],
      ['kev', '2026-01-05'],
    ]);
    writeFileSync(join(directory, 'GHSA-1.json'), JSON.stringify(flaw('GHSA-1')));
    const second = await importFeeds({ sources: [directory] }, { dataDir });
    expect(second.rejected).toEqual([]);
    expect((await feedsStatus({ dataDir })).state?.sets.map(({ kind }) => kind).sort()).toEqual(['epss', 'kev', 'records']);
    await verifyStore({ dataDir });
  });
  test('what is damaged, missing or something else changes nothing', async () => {
    const dataDir = temporaryDirectory();
    await importFeeds({ kev: file('k.json', JSON.stringify(kev(kevEntry('CVE-2026-1000')))) }, { dataDir });
    const before = (await feedsStatus({ dataDir })).state?.digest;
    const gz = gzipSync('cve,epss,percentile\nCVE-2026-1000,0.1,0.2\n');
    for (const request of [{ kev: file('a', '{') }, { epss: file('b', gz.subarray(0, 20)) }, { epss: file('c', 'x') }, { severities: [file('d', '[]')] }]) {
      await expect(importFeeds(request, { dataDir })).rejects.toMatchObject({ code: 'FEED_INVALID' });
    }
    await expect(importFeeds({ kev: '/nowhere/kev.json' }, { dataDir })).rejects.toMatchObject({ code: 'FEED_NOT_FOUND' });
    expect((await feedsStatus({ dataDir })).state?.digest).toBe(before);
  });
});
