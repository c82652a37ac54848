/** What conda calls subdir. `conda-forge`, which looks like one, is none. */
const platform = /^(?:noarch|(?:linux|osx|win|freebsd|emscripten|wasi|zos)-[a-z0-9_]+)$/;

/**
 * The name of a channel by its address, which ends in it and, in most, in the platform; of a labelled one
 * (`https://conda.anaconda.org/NAME/label/LABEL`) with its label. Undefined where there is none. A user and a token (`/t/TOKEN/`) stand in front of it.
 */
export function channelName(address: string): string | undefined {
  const parts = address.replace(/\/+$/, '').split('/');
  if (parts.length > 1 && platform.test(parts.at(-1) ?? '')) parts.pop();
  const name = parts.at(-2) === 'label' && parts.length > 3 ? parts.slice(-3).join('/') : parts.at(-1);
  return name === '' ? undefined : name;
}
