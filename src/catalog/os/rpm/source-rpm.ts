/**
 * Splits a SOURCERPM value, `bash-5.1.8-6.el9.src.rpm`, at its last two hyphens into `bash` and `5.1.8-6.el9`.
 * rpm doesn't record the source package's epoch there. Null when the value has another form.
 * @public
 */
export function parseSourceRpm(text: string): { readonly name: string; readonly version: string } | null {
  const stem = /^(.+)\.(?:no)?src\.rpm$/s.exec(text)?.[1];
  if (stem === undefined) return null;
  const release = stem.lastIndexOf('-');
  const version = release > 0 ? stem.lastIndexOf('-', release - 1) : -1;
  if (version <= 0 || version + 1 === release || release + 1 === stem.length) return null;
  return { name: stem.slice(0, version), version: stem.slice(version + 1) };
}
