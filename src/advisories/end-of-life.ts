/**
 * The last day on which a release gets security fixes without a separate contract, by OSV's name for it.
 * Debian: end of long-term support, since DLA fixes stand under the release's own name (Debian's distro-info-data).
 * Ubuntu: end of standard support; what follows is for Pro subscribers (distro-info-data). The others: the vendors' release
 * pages, end of security support or maintenance, as endoflife.date collects them.
 * A release that isn't listed is taken to be supported. State: August 2026.
 */
const lastDays: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Debian: {
    4: '2010-02-15',
    5: '2012-02-06',
    6: '2016-02-29',
    7: '2018-05-31',
    8: '2020-06-30',
    9: '2022-06-30',
    10: '2024-06-30',
    11: '2026-08-31',
    12: '2028-06-30',
    13: '2030-06-30',
  },
  Ubuntu: {
    '12.04:LTS': '2017-04-28',
    '14.04:LTS': '2019-04-25',
    '14.10': '2015-07-23',
    '15.04': '2016-02-04',
    '15.10': '2016-07-28',
    '16.04:LTS': '2021-04-30',
    '16.10': '2017-07-20',
    '17.04': '2018-01-13',
    '17.10': '2018-07-19',
    '18.04:LTS': '2023-05-31',
    '18.10': '2019-07-18',
    '19.04': '2020-01-23',
    '19.10': '2020-07-17',
    '20.04:LTS': '2025-05-29',
    '20.10': '2021-07-22',
    '21.04': '2022-01-20',
    '21.10': '2022-07-14',
    '22.04:LTS': '2027-06-01',
    '22.10': '2023-07-20',
    '23.04': '2024-01-25',
    '23.10': '2024-07-11',
    '24.04:LTS': '2029-05-31',
    '24.10': '2025-07-10',
    '25.04': '2026-01-15',
    '25.10': '2026-07-09',
    '26.04:LTS': '2031-05-29',
  },
  Alpine: {
    'v3.0': '2016-05-01',
    'v3.1': '2016-11-01',
    'v3.2': '2017-05-01',
    'v3.3': '2017-11-01',
    'v3.4': '2018-05-01',
    'v3.5': '2018-11-01',
    'v3.6': '2019-05-01',
    'v3.7': '2019-11-01',
    'v3.8': '2020-05-01',
    'v3.9': '2020-11-01',
    'v3.10': '2021-05-01',
    'v3.11': '2021-11-01',
    'v3.12': '2022-05-01',
    'v3.13': '2022-11-01',
    'v3.14': '2023-05-01',
    'v3.15': '2023-11-01',
    'v3.16': '2024-05-23',
    'v3.17': '2024-11-22',
    'v3.18': '2025-05-09',
    'v3.19': '2025-11-01',
    'v3.20': '2026-04-01',
    'v3.21': '2026-11-01',
    'v3.22': '2027-05-01',
    'v3.23': '2027-11-01',
    'v3.24': '2028-06-01',
  },
  AlmaLinux: { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  'Rocky Linux': { 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  'Red Hat': { 5: '2017-03-31', 6: '2020-11-30', 7: '2024-06-30', 8: '2029-05-31', 9: '2032-05-31', 10: '2035-05-31' },
  'Azure Linux': { 1: '2023-08-31', 2: '2025-07-31', 3: '2027-08-31' },
  openSUSE: {
    'Leap 42.1': '2017-05-17',
    'Leap 42.2': '2018-01-26',
    'Leap 42.3': '2019-07-01',
    'Leap 15.0': '2019-12-03',
    'Leap 15.1': '2021-02-02',
    'Leap 15.2': '2022-01-04',
    'Leap 15.3': '2022-12-31',
    'Leap 15.4': '2023-12-07',
    'Leap 15.5': '2024-12-31',
    'Leap 15.6': '2026-04-30',
    'Leap 16.0': '2027-10-31',
  },
  SUSE: {
    'Linux Enterprise Server 11 SP4': '2019-03-31',
    'Linux Enterprise Server 12': '2016-06-30',
    'Linux Enterprise Server 12 SP1': '2017-05-31',
    'Linux Enterprise Server 12 SP2': '2018-03-31',
    'Linux Enterprise Server 12 SP3': '2019-06-30',
    'Linux Enterprise Server 12 SP4': '2020-06-30',
    'Linux Enterprise Server 12 SP5': '2024-10-31',
    'Linux Enterprise Server 15': '2019-12-31',
    'Linux Enterprise Server 15 SP1': '2021-01-31',
    'Linux Enterprise Server 15 SP2': '2021-12-31',
    'Linux Enterprise Server 15 SP3': '2022-12-31',
    'Linux Enterprise Server 15 SP4': '2023-12-31',
    'Linux Enterprise Server 15 SP5': '2024-12-31',
    'Linux Enterprise Server 15 SP6': '2025-12-31',
    'Linux Enterprise Server 15 SP7': '2031-07-31',
    'Linux Enterprise Server 16.0': '2027-11-30',
  },
};

/** The last supported day (`2024-06-30`) of a release, `Debian:10`; undefined when it isn't known. */
export function lastSupportedDay(base: string, release: string): string | undefined {
  const releases = Object.hasOwn(lastDays, base) ? lastDays[base] : undefined;
  return releases !== undefined && Object.hasOwn(releases, release) ? releases[release] : undefined;
}

/** Whether a last supported day has passed; the day itself, in UTC, still counts as supported. */
export function isPast(day: string, now: Date): boolean {
  return now.getTime() >= Date.parse(`${day}T00:00:00Z`) + 86_400_000;
}
