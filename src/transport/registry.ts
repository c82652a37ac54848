import { PortcullisError } from '../errors.ts';
import type { Descriptor, Digest } from '../model/index.ts';
import { type Answer, readBody } from './answer.ts';
import { Attempts, isPassingStatus, passing, withAttempts } from './attempts.ts';
import { Authorization } from './authorization.ts';
import { errorText, startOf, tooLong, verified } from './checked-answer.ts';
import { Connections } from './connections.ts';
import { type Endpoint, endpointsOf } from './endpoint.ts';
import { exchange } from './exchange.ts';
import { Passing, reasonOf } from './passing.ts';
import { formatReference, type RegistryReference } from './reference.ts';
import type { RegistryOptions } from './registry-options.ts';

/** A manifest or index, its bytes verified against the digest that names them. */
export interface FetchedManifest {
  readonly bytes: Buffer;
  readonly digest: Digest;
  /** As the registry states it, without parameters; empty when it doesn't. */
  readonly mediaType: string;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
/** How a server without TLS shows itself to a client that expects it; one that wants something of TLS says something else. */
const NO_TLS = /wrong version number|packet length too long|http request|before secure TLS connection was established/i;

/**
 * A client of registries (OCI distribution-spec v1.1, Docker's API v2 with manifests of schema 2). It moves bytes and
 * checks manifests against digests; whoever reads a blob checks its digest.
 */
export class RegistryClient {
  readonly #options: RegistryOptions;
  readonly #connections: Connections;
  readonly #authorization: Authorization;
  readonly #ending = new AbortController();
  /** Registries of this machine, and whether they answer with TLS. */
  readonly #protocols = new Map<string, 'https:' | 'http:'>();
  /** The endpoint that answered for a repository last: its blobs are most likely there. */
  readonly #answered = new Map<string, Endpoint>();

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#connections = new Connections(options);
    this.#authorization = new Authorization(this.#connections, options, this.#ending.signal);
  }

  /**
   * Fetches the manifest or index that a reference names, or one by digest in the same repository.
   * @throws {PortcullisError} IMAGE_NOT_FOUND, IMAGE_DIGEST, IMAGE_LIMIT, REGISTRY_UNREACHABLE, REGISTRY_DENIED, REGISTRY_LIMITED, REGISTRY_ANSWER
   */
  async manifest(reference: RegistryReference, digest: Digest | null = reference.digest): Promise<FetchedManifest> {
    const name = digest ?? reference.tag ?? 'latest';
    const what = `manifest ${name} of ${reference.domain}/${reference.path}`;
    return this.#anywhere(reference, async (endpoint) => {
      const { bytes, answer } = await withAttempts(what, this.#options.limits, this.#ending.signal, async () => {
        const answer = await this.#ask(endpoint, `manifests/${name}`, { accept: [...MANIFEST_TYPES, '*/*;q=0.1'].join(', ') }, what);
        if (answer.status !== 200) throw await this.#failure(endpoint, answer, what, reference);
        return { answer, bytes: await readBody(answer, this.#options.limits.documentBytes, what) };
      });
      const mediaType = (answer.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
      return { bytes, mediaType, digest: verified(bytes, digest, answer.header('docker-content-digest'), what) };
    });
  }

  /**
   * The bytes of a blob, from where it is first asked for more. A connection that ends early is taken up again where it
   * ended; what comes is never more and, in the end, never less than the descriptor says. Its digest is the reader's to check.
   * @throws {PortcullisError} as `manifest`
   */
  async *blob(reference: RegistryReference, descriptor: Pick<Descriptor, 'digest' | 'size'>, what: string): AsyncGenerator<Buffer> {
    const progress = { at: 0 };
    const candidates = this.#candidates(reference);
    for (const [index, endpoint] of candidates.entries()) {
      try {
        yield* this.#blobFrom(endpoint, reference, descriptor, `${what} of ${reference.domain}/${reference.path}`, progress);
        return;
      } catch (error) {
        if (index === candidates.length - 1 || !isReasonToGoOn(error)) throw error;
      }
    }
  }

  /** Ends what is under way and closes all connections. */
  async close(): Promise<void> {
    this.#ending.abort(new PortcullisError('REGISTRY_UNREACHABLE', 'The registry was left.'));
    await this.#connections.close();
  }

  async *#blobFrom(
    endpoint: Endpoint,
    reference: RegistryReference,
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    what: string,
    progress: { at: number },
  ): AsyncGenerator<Buffer> {
    const attempts = new Attempts(what, this.#options.limits, this.#ending.signal);
    while (progress.at < size) {
      let answer: Answer | undefined;
      try {
        answer = await this.#ask(endpoint, `blobs/${digest}`, progress.at === 0 ? {} : { range: `bytes=${progress.at}-` }, what);
        if (answer.status !== 200 && answer.status !== 206) throw await this.#failure(endpoint, answer, what, reference);
        // A server that knows no ranges sends all of it again.
        let skip = startOf(answer, progress.at, size, what) === 0 ? progress.at : 0;
        for await (const part of answer.body) {
          const fresh = skip >= part.length ? part.subarray(part.length) : part.subarray(skip);
          skip -= part.length - fresh.length;
          if (progress.at + fresh.length > size) throw tooLong(what, size);
          if (fresh.length === 0) continue;
          progress.at += fresh.length;
          attempts.succeeded();
          yield fresh;
        }
        if (progress.at < size) throw new Passing(`it ends after ${progress.at} of ${size} bytes`);
      } catch (error) {
        this.#ending.signal.throwIfAborted();
        if (error instanceof PortcullisError && !(progress.at > 0 && error.code === 'REGISTRY_UNREACHABLE' && error.cause !== undefined)) throw error;
        await attempts.after(error instanceof Passing ? error : new Passing(reasonOf(error), { cause: error }));
      } finally {
        answer?.cancel();
      }
    }
  }

  /** A request to a repository, with whatever authentication it asks for. */
  async #ask(endpoint: Endpoint, path: string, headers: Readonly<Record<string, string>>, what: string): Promise<Answer> {
    let authorization = await this.#authorization.current(endpoint);
    for (let refusals = 0; ; refusals++) {
      const answer = await this.#send(endpoint, path, headers, authorization);
      if (answer.status === 401 && !answer.isElsewhere && refusals < 2) {
        await answer.drop();
        const next = await this.#authorization.afterRefusal(endpoint, answer, authorization);
        // The same credentials once more would be refused once more.
        if (next === authorization) throw await this.#authorization.denied(endpoint, 'it refuses the login');
        authorization = next;
        continue;
      }
      if (isPassingStatus(answer.status)) throw await passing(answer);
      if (answer.isElsewhere && (answer.status === 401 || answer.status === 403)) {
        // The leave that comes with a redirect ends after some minutes: the registry gives a new one.
        await answer.drop();
        throw new Passing(`${answer.url.host}, where the registry keeps it, answers ${answer.status}`, { status: answer.status });
      }
      if (answer.status === 401) {
        await answer.drop();
        throw await this.#authorization.denied(endpoint, `it refuses ${what}`);
      }
      return answer;
    }
  }

  async #send(endpoint: Endpoint, path: string, headers: Readonly<Record<string, string>>, authorization: string | undefined): Promise<Answer> {
    const url = new URL(`/v2/${endpoint.repository}/${path}`, endpoint.origin);
    const outgoing = { headers, authorization, limits: this.#options.limits, signal: this.#ending.signal };
    const known = this.#protocols.get(endpoint.domain);
    if (endpoint.mayBePlain && known !== undefined) url.protocol = known;
    try {
      const answer = await exchange(this.#connections, { ...outgoing, url });
      if (endpoint.mayBePlain) this.#protocols.set(endpoint.domain, known ?? 'https:');
      return answer;
    } catch (error) {
      if (!endpoint.mayBePlain || known !== undefined || !NO_TLS.test(error instanceof Error ? error.message : '')) throw error;
      url.protocol = 'http:';
      const answer = await exchange(this.#connections, { ...outgoing, url });
      this.#protocols.set(endpoint.domain, 'http:');
      return answer;
    }
  }

  #candidates(reference: RegistryReference): Endpoint[] {
    const all = endpointsOf(reference, this.#options);
    const last = this.#answered.get(`${reference.domain}/${reference.path}`);
    if (last === undefined) return all;
    return [last, ...all.filter((endpoint) => endpoint.origin.href !== last.origin.href || endpoint.repository !== last.repository)];
  }

  async #anywhere<T>(reference: RegistryReference, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const candidates = this.#candidates(reference);
    for (const [index, endpoint] of candidates.entries()) {
      try {
        const result = await work(endpoint);
        this.#answered.set(`${reference.domain}/${reference.path}`, endpoint);
        return result;
      } catch (error) {
        if (index === candidates.length - 1 || !isReasonToGoOn(error)) throw error;
      }
    }
    throw new PortcullisError('REGISTRY_UNREACHABLE', `No registry is known for ${formatReference(reference)}.`);
  }

  /** The error for an answer that is none of those that were hoped for. */
  async #failure(endpoint: Endpoint, answer: Answer, what: string, reference: RegistryReference): Promise<PortcullisError> {
    const said = await errorText(answer);
    const words = said === '' ? '' : ` (${said})`;
    if (answer.status === 403) return this.#authorization.denied(endpoint, `it answers 403${words}`);
    if (answer.status === 404) {
      const isManifest = what.startsWith('manifest ');
      const hint = isManifest ? 'Check name, tag and registry; a private image may need a login.' : 'The registry has lost a part of the image: push it again.';
      return isManifest
        ? new PortcullisError('IMAGE_NOT_FOUND', `${endpoint.domain} has no image ${formatReference(reference)}${words}.`, { hint })
        : new PortcullisError('REGISTRY_ANSWER', `${endpoint.domain} does not hold ${what}${words}.`, { hint });
    }
    return new PortcullisError('REGISTRY_ANSWER', `${endpoint.domain} answers ${answer.status}${words} when asked for ${what}.`, {
      hint: 'It may be no registry, or not speak the OCI distribution protocol.',
    });
  }
}

/** A mirror that lacks something, refuses or can't be reached is no reason not to ask the next. Wrong bytes are. */
function isReasonToGoOn(error: unknown): boolean {
  return (
    error instanceof PortcullisError &&
    ['IMAGE_NOT_FOUND', 'REGISTRY_ANSWER', 'REGISTRY_DENIED', 'REGISTRY_LIMITED', 'REGISTRY_UNREACHABLE'].includes(error.code)
  );
}
