/** Signs people in whom the OpenID provider has proven. They must be registered here: nobody is added by a sign-in. */
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { PersonRow } from '#database';
import { metrics, SETTINGS } from '#service';
import { sha256Of } from '../access/api-keys.service.js';
import { Denials } from '../access/denials.js';
import { SessionsService } from '../access/sessions.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { roleByClaim } from './oidc-rules.js';
import { OidcProvider, type Handshake, type Proven } from './oidc-provider.js';
import { SignInRepository } from './sign-in.repository.js';
import type { Visitor } from './sign-in.service.js';

/** Why nobody was signed in; the page of the sign-in shows a text for each. */
export type OidcRefusal = 'not-proven' | 'not-registered' | 'no-role';

@Injectable()
export class OidcService {
  private readonly log = new Logger('oidc');

  constructor(
    private readonly provider: OidcProvider,
    private readonly rows: SignInRepository,
    private readonly sessions: SessionsService,
    private readonly denials: Denials,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  /** @param query of the request with which the browser came back; the handshake is that of the same browser */
  async signIn(
    query: string,
    handshake: Handshake,
    { ip, agent }: Visitor,
  ): Promise<{ token: string } | { refusal: OidcRefusal }> {
    const proven = await this.prove(query, handshake);
    if (!proven) return { refusal: 'not-proven' };
    const person = await this.personOf(proven);
    if (!person || person.disabledAt) return this.refused('not-registered', proven, ip);
    const role = roleByClaim(person.roles, proven.claims, this.settings.OIDC_ROLE_CLAIM);
    if (role === undefined) return this.refused('no-role', proven, ip);
    const asked = { method: 'oidc', role, createdBy: null, ip, agent } as const;
    const { token } = await this.sessions.start(person, asked);
    return { token };
  }

  private async prove(query: string, handshake: Handshake): Promise<Proven | undefined> {
    try {
      return await this.provider.prove(query, handshake);
    } catch (error) {
      this.log.warn(error, 'a sign-in by OpenID Connect was not proven');
      metrics.denied.inc({ reason: 'wrong-sign-in' });
      return undefined;
    }
  }

  /** By the subject of an earlier sign-in; the first time by the mail address, if the provider has verified it. */
  private async personOf({ issuer, subject, mail }: Proven): Promise<PersonRow | null> {
    const known = await this.rows.personOfIdentity(issuer, subject);
    if (known || mail === undefined) return known;
    const person = await this.rows.personByMail(mail);
    if (!person || person.disabledAt) return null;
    const change = {
      by: 'hub',
      action: 'person.identity-linked',
      subject: `person/${person.id}`,
      reason: 'first sign-in with this provider',
      change: { issuer, subject },
      networks: person.network === null ? [] : [person.network],
    } as const;
    const isLinked = await this.audit.changing(change, async (manager) => {
      const link = { issuer, subject, person: person.id, at: this.clock() };
      return this.rows.linkIdentity(manager, link);
    });
    return isLinked ? person : null;
  }

  private async refused(
    refusal: OidcRefusal,
    { issuer, subject }: Proven,
    ip: string,
  ): Promise<{ refusal: OidcRefusal }> {
    metrics.denied.inc({ reason: 'wrong-sign-in' });
    const fingerprint = sha256Of(`${issuer} ${subject}`).slice(0, 12);
    await this.denials.note({ kind: 'wrong-sign-in', by: undefined, fingerprint, ip, detail: refusal });
    return { refusal };
  }
}
