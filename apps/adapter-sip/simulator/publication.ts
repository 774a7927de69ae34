/** The presence that a phone publishes (RFC 3903). */
import { PIDF_TYPE, writePidf, type Presence } from './pidf.js';
import { headerOf, type Header, type SipResponse } from './sip-message.js';
import { newUsage, type UserAgent } from './user-agent.js';

export class Publication {
  private etag: string | undefined;
  private presence: Presence = { state: 'online' };
  /** §4.1: the next request waits for the answer to the last one; otherwise both could begin a state of their own. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly agent: Pick<UserAgent, 'address' | 'send'>,
    private readonly expires: number,
  ) {}

  /** @returns the answer of the server. @throws NoAnswer */
  publish(presence: Presence): Promise<SipResponse> {
    this.presence = presence;
    return this.inTurn(() => this.modify());
  }

  /** Without a body; the whole state again, if the server has forgotten it. @throws NoAnswer */
  refresh(): Promise<unknown> {
    return this.inTurn(() =>
      this.etag === undefined ? this.modify() : this.conditional(this.etag, this.expires, false),
    );
  }

  /** @throws NoAnswer */
  remove(): Promise<unknown> {
    return this.inTurn(async () => {
      const { etag } = this;
      this.etag = undefined;
      if (etag !== undefined) await this.send([['SIP-If-Match', etag]], 0, false);
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    // Whoever asked learns of a failure; the next request is sent all the same.
    this.last = Promise.allSettled([done]);
    return done;
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
