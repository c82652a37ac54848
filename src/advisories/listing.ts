/** A record's id, and when it was changed, as text. */
export type Listing = ReadonlyMap<string, string>;

/** Ids that may stand in an address: printable, no separator. */
const usableId = /^[!-.0-~]{1,256}$/;

/**
 * Reads a bucket's `modified_id.csv` of one ecosystem: lines `time,id`, newest first, without header (google.github.io/osv.dev/data).
 * Gives the time of each id; undefined when a line is something else: such a list proves nothing.
 */
export function readListing(bytes: Uint8Array): Listing | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const listing = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    const line = text.slice(at, end).trimEnd();
    at = end + 1;
    if (line === '') continue;
    const comma = line.indexOf(',');
    const [time, id] = [line.slice(0, comma), line.slice(comma + 1)];
    if (comma === -1 || !/^\d{4}-\d{2}-\d{2}T[0-9:.]{5,20}(?:Z|[+-]\d{2}:\d{2})$/.test(time) || !usableId.test(id)) return undefined;
    if (!listing.has(id)) listing.set(id, time);
  }
  return listing.size === 0 ? undefined : listing;
}

/** What changed from one list to another. */
export interface ListingChanges {
  /** New or changed. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Compares whole lists, not times: some records are dated in the future, and one that vanishes is in no newer line. */
export function compareListings(before: Listing, now: Listing): ListingChanges {
  return {
    changed: [...now].filter(([id, time]) => before.get(id) !== time).map(([id]) => id),
    removed: [...before.keys()].filter((id) => !now.has(id)),
  };
}
