/** How to prove to a registry who asks. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token, which the token service exchanges (Docker's `identitytoken`, a helper's user `<token>`). */
  | { readonly kind: 'identity'; readonly token: string }
  /** A bearer token to be used as it is (`registrytoken`). */
  | { readonly kind: 'bearer'; readonly token: string };
