/** The presence that a phone publishes (RFC 3903). */
import { PIDF_TYPE, writePidf, type Presence } from './pidf.js';
import { headerOf, type Header, type SipResponse } from './sip-message.js';
import { newUsage, type UserAgent } from './user-agent.js';

export class Publication {
  private etag: string | undefined;
  private presence: Presence = { state: 'online' };

  constructor(
    private readonly agent: UserAgent,
    private readonly expires: number,
  ) {}

  /** @returns the answer of the server. @throws NoAnswer */
  async publish(presence: Presence): Promise<SipResponse> {
    this.presence = presence;
    return this.modify();
  }

  /** Without a body; the whole state again, if the server has forgotten it. @throws NoAnswer */
  async refresh(): Promise<void> {
    if (this.etag === undefined) await this.modify();
    else await this.conditional(this.etag, this.expires, false);
  }

  /** @throws NoAnswer */
  async remove(): Promise<void> {
    const { etag } = this;
    this.etag = undefined;
    if (etag !== undefined) await this.send([['SIP-If-Match', etag]], 0, false);
  }

  private async modify(): Promise<SipResponse> {
    if (this.etag !== undefined) return this.conditional(this.etag, this.expires, true);
    return this.keepTag(await this.send([], this.expires, true));
  }

  /** §4.1: 412 means that the state is gone, and is published anew. */
  private async conditional(etag: string, expires: number, whole: boolean): Promise<SipResponse> {
    const response = await this.send([['SIP-If-Match', etag]], expires, whole);
    if (response.status !== 412) return this.keepTag(response);
    this.etag = undefined;
    return this.modify();
  }

  private keepTag(response: SipResponse): SipResponse {
    if (response.status === 200) this.etag = headerOf(response, 'sip-etag');
    return response;
  }

  private async send(condition: readonly Header[], expires: number, whole: boolean): Promise<SipResponse> {
    const { agent, presence } = this;
    return agent.send(newUsage(), {
      method: 'PUBLISH',
      uri: agent.address,
      headers: [
        ['Event', 'presence'],
        ['Expires', String(expires)],
        ...condition,
        ...(whole ? [['Content-Type', PIDF_TYPE] as const] : []),
      ],
      ...(whole ? { body: writePidf(agent.address, presence, new Date()) } : {}),
    });
  }
}
