/** The OpenID Connect provider of the settings: where it sends people, and what it says about one who comes back. */
import { Inject, Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { ApiProblem } from '#http';
import { SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';

export const CALLBACK_PATH = '/v1/session/oidc/callback';
const TIMEOUT_S = 10;

/** Kept in a cookie of the browser between the two requests of a sign-in. */
export interface Handshake {
  state: string;
  nonce: string;
  verifier: string;
}

/** What the ID token says, whose signature, audience, nonce and time are right. */
export interface Proven {
  issuer: string;
  subject: string;
  /** undefined: none, or not verified by the provider. */
  mail: string | undefined;
  claims: Readonly<Record<string, unknown>>;
}

@Injectable()
export class OidcProvider {
  private found: Promise<oidc.Configuration> | undefined;

  constructor(@Inject(SETTINGS) private readonly settings: ConsoleSettings) {}

  get isConfigured(): boolean {
    const { OIDC_ISSUER, OIDC_CLIENT_ID, CONSOLE_URL } = this.settings;
    return OIDC_ISSUER !== undefined && OIDC_CLIENT_ID !== undefined && CONSOLE_URL !== undefined;
  }

  /** @throws ApiProblem not-found, unavailable */
  async begin(): Promise<{ to: URL; handshake: Handshake }> {
    const configuration = await this.configuration();
    const handshake = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    };
    const to = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback().href,
      scope: 'openid email profile',
      state: handshake.state,
      nonce: handshake.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(handshake.verifier),
      code_challenge_method: 'S256',
    });
    return { to, handshake };
  }

  /** @param query of the request with which the browser came back. @throws Error if the provider or the browser is not who it was */
  async prove(query: string, { state, nonce, verifier }: Handshake): Promise<Proven> {
    const configuration = await this.configuration();
    const url = this.callback();
    url.search = query;
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const tokens = await oidc.authorizationCodeGrant(configuration, url, checks);
    const claims = tokens.claims();
    if (!claims) throw new Error('the provider gave no ID token');
    const { email, email_verified: isVerified } = claims;
    const mail = isVerified === true && typeof email === 'string' ? email.trim().toLowerCase() : undefined;
    return { issuer: claims.iss, subject: claims.sub, mail, claims };
  }

  private callback(): URL {
    return new URL(CALLBACK_PATH, this.settings.CONSOLE_URL);
  }

  /** Asked for at the first sign-in, and again after a failure. */
  private async configuration(): Promise<oidc.Configuration> {
    if (!this.isConfigured)
      throw new ApiProblem(
        'not-found',
        'OpenID Connect is not set up here: OIDC_ISSUER, OIDC_CLIENT_ID and CONSOLE_URL are needed',
      );
    this.found ??= this.discover();
    try {
      return await this.found;
    } catch (cause) {
      this.found = undefined;
      throw new ApiProblem('unavailable', 'the OpenID provider does not answer', { cause });
    }
  }

  private discover(): Promise<oidc.Configuration> {
    const { OIDC_ISSUER: issuer = '', OIDC_CLIENT_ID: id = '', OIDC_CLIENT_SECRET: secret } = this.settings;
    const server = new URL(issuer);
    const execute = isThisMachine(server) ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(server, id, secret, secret === undefined ? oidc.None() : undefined, {
      execute,
      timeout: TIMEOUT_S,
    });
  }
}

/** A provider without TLS is accepted on this machine only, for tests. */
function isThisMachine({ hostname }: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}
