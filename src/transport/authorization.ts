import { PortcullisError } from '../errors.ts';
import { type Answer, readBody } from './answer.ts';
import { isPassingStatus, passing, withAttempts } from './attempts.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Connections } from './connections.ts';
import { type FoundCredentials, findCredentials } from './credential-files.ts';
import type { Credentials } from './credentials.ts';
import type { Endpoint } from './endpoint.ts';
import { exchange } from './exchange.ts';
import { shownUrl } from './http.ts';
import { isLoopback } from './loopback.ts';
import type { RegistryOptions } from './registry-options.ts';

/** A token service that says nothing means a minute (distribution, token authentication). */
const DEFAULT_LIFE = 60;
const MAX_TOKEN_ANSWER = 1024 * 1024;

interface Grant {
  readonly header: string;
  /** Milliseconds since the epoch after which it isn't used any more. */
  readonly until: number;
}

interface State {
  grant: Grant | null;
  challenge: Challenge | null;
  asking: Promise<Grant> | null;
  found: Promise<FoundCredentials> | null;
}

/** Speaks the authentication of registries: none, Basic, and Bearer with a token service. One state for each repository. */
export class Authorization {
  readonly #connections: Connections;
  readonly #options: RegistryOptions;
  readonly #signal: AbortSignal;
  readonly #states = new Map<string, State>();
  #loginDomain: string | null = null;

  constructor(connections: Connections, options: RegistryOptions, signal: AbortSignal) {
    this.#connections = connections;
    this.#options = options;
    this.#signal = signal;
  }

  #state(endpoint: Endpoint): State {
    const key = `${endpoint.origin.host} ${endpoint.repository}`;
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { grant: null, challenge: null, asking: null, found: null };
      this.#states.set(key, state);
    }
    return state;
  }

  /** The header that is valid now; undefined before the registry has asked for any. */
  async current(endpoint: Endpoint): Promise<string | undefined> {
    const state = this.#state(endpoint);
    if (state.grant !== null && state.grant.until > Date.now()) return state.grant.header;
    return state.challenge === null ? undefined : (await this.#renew(endpoint, state)).header;
  }

  /**
   * Answers a 401.
   * @param rejected the header that was sent, if any
   * @throws {PortcullisError} REGISTRY_DENIED when there is nothing (more) to offer, REGISTRY_UNREACHABLE, REGISTRY_ANSWER
   */
  async afterRefusal(endpoint: Endpoint, answer: Answer, rejected: string | undefined): Promise<string> {
    const state = this.#state(endpoint);
    // Another request has renewed it meanwhile.
    if (state.grant !== null && state.grant.header !== rejected && state.grant.until > Date.now()) return state.grant.header;
    const offered = parseChallenges(answer.headers('www-authenticate'));
    const challenge = offered.find(({ scheme }) => scheme === 'bearer') ?? offered.find(({ scheme }) => scheme === 'basic');
    if (challenge === undefined) {
      throw new PortcullisError('REGISTRY_ANSWER', `${endpoint.domain} asks for a login in a way that is not known.`, {
        hint: 'Known are Basic and Bearer.',
      });
    }
    state.challenge = challenge;
    return (await this.#renew(endpoint, state)).header;
  }

  #renew(endpoint: Endpoint, state: State): Promise<Grant> {
    state.asking ??= this.#ask(endpoint, state).finally(() => {
      state.asking = null;
    });
    return state.asking;
  }

  async #ask(endpoint: Endpoint, state: State): Promise<Grant> {
    const challenge = state.challenge as Challenge;
    state.grant = null;
    const { credentials } = await this.#credentials(endpoint, state);
    if (credentials?.kind === 'bearer') state.grant = { header: `Bearer ${credentials.token}`, until: Number.POSITIVE_INFINITY };
    else if (challenge.scheme === 'bearer') state.grant = await this.#token(endpoint, challenge, credentials);
    else if (credentials?.kind === 'password') state.grant = { header: basic(credentials), until: Number.POSITIVE_INFINITY };
    else throw await this.denied(endpoint, 'it wants a user name and a password');
    return state.grant;
  }

  #credentials(endpoint: Endpoint, state: State): Promise<FoundCredentials> {
    const { login, env } = this.#options;
    if (login !== null && !endpoint.isMirror) {
      this.#loginDomain ??= endpoint.domain;
      if (this.#loginDomain !== endpoint.domain) {
        throw new PortcullisError('USAGE', `--username is for one registry, but both ${this.#loginDomain} and ${endpoint.domain} ask for a login.`, {
          hint: 'Log in to each with docker login or podman login.',
        });
      }
      return Promise.resolve({ credentials: { kind: 'password', ...login }, problems: [] });
    }
    state.found ??= findCredentials(endpoint.domain, endpoint.repository, env);
    return state.found;
  }

  /** The error for a repository to which the registry gives no access. */
  async denied(endpoint: Endpoint, why: string): Promise<PortcullisError> {
    const state = this.#state(endpoint);
    const { credentials, problems } = state.challenge === null ? { credentials: null, problems: [] } : await this.#credentials(endpoint, state);
    const advice =
      credentials === null
        ? `It may not exist, or need a login: docker login ${endpoint.domain}, podman login ${endpoint.domain}, or --username NAME --password-stdin.`
        : 'It may not exist, or the login that was used has no right to it or has expired.';
    const obstacles = problems.length === 0 ? '' : ` Credentials could not be looked for everywhere: ${problems.slice(0, 3).join('; ')}.`;
    return new PortcullisError('REGISTRY_DENIED', `${endpoint.domain} gives no access to ${endpoint.repository}: ${why}.`, { hint: `${advice}${obstacles}` });
  }

  /** Fetches a token (distribution, "Token Authentication Specification" and "OAuth2"). */
  async #token(endpoint: Endpoint, challenge: Challenge, credentials: Credentials | null): Promise<Grant> {
    const realm = realmOf(endpoint, challenge);
    const { service } = challenge.parameters;
    const scope = challenge.parameters.scope ?? `repository:${endpoint.repository}:pull`;
    const send = (): Promise<Answer> => {
      const common = { limits: this.#options.limits, signal: this.#signal };
      if (credentials?.kind === 'identity') {
        const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: credentials.token, client_id: 'portcullis', scope });
        if (service !== undefined) form.set('service', service);
        const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
        return exchange(this.#connections, { url: realm, method: 'POST', headers, body: form.toString(), ...common });
      }
      const url = new URL(realm);
      if (service !== undefined) url.searchParams.set('service', service);
      for (const part of scope.split(' ').filter((text) => text !== '')) url.searchParams.append('scope', part);
      if (credentials?.kind !== 'password') return exchange(this.#connections, { url, headers: { accept: 'application/json' }, ...common });
      url.searchParams.set('account', credentials.username);
      return exchange(this.#connections, { url, headers: { accept: 'application/json' }, authorization: basic(credentials), ...common });
    };
    const { limits } = this.#options;
    const what = `a token for ${endpoint.repository} from ${shownUrl(realm)}`;
    const asked = Date.now();
    const body = await withAttempts(what, limits, this.#signal, async () => {
      const answer = await send();
      if (isPassingStatus(answer.status)) throw await passing(answer);
      if (answer.status === 200) return readBody(answer, MAX_TOKEN_ANSWER, what);
      await answer.drop();
      throw await this.denied(endpoint, `its token service ${realm.host} answers ${answer.status}`);
    });
    return grantOf(body, asked, realm);
  }
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** Where to fetch tokens. A registry that is spoken to by TLS can't have credentials sent anywhere without. */
function realmOf(endpoint: Endpoint, challenge: Challenge): URL {
  const text = challenge.parameters.realm ?? '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fails = (why: string): PortcullisError =>
    new PortcullisError('REGISTRY_ANSWER', `${endpoint.domain} names a token service ${why}.`, { hint: 'The registry is not set up well.' });
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw fails('that is no http or https URL');
  if (url.username !== '' || url.password !== '') throw fails('whose URL holds a user name');
  if (url.protocol === 'http:' && endpoint.origin.protocol === 'https:' && !(isLoopback(endpoint.origin.hostname) && isLoopback(url.hostname))) {
    throw fails('without TLS, to which no credentials are sent');
  }
  return url;
}

function grantOf(body: Buffer, asked: number, realm: URL): Grant {
  const bad = (): PortcullisError =>
    new PortcullisError('REGISTRY_ANSWER', `The token service ${realm.host} answers without a token.`, { hint: 'The registry is not set up well.' });
  let document: { token?: unknown; access_token?: unknown; expires_in?: unknown } | null;
  try {
    document = JSON.parse(body.toString('utf8')) as typeof document;
  } catch {
    throw bad();
  }
  const token = [document?.token, document?.access_token].find((value) => typeof value === 'string' && value !== '');
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw bad();
  const stated = Number(document?.expires_in);
  const life = Number.isFinite(stated) && stated > 0 ? stated : DEFAULT_LIFE;
  // Renewed a little earlier than it ends; the clocks need not agree, as the time runs from when it was asked for.
  return { header: `Bearer ${token}`, until: asked + life * 1000 * 0.9 };
}
