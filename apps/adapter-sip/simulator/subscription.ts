/** The presence of one contact, as the server tells it (RFC 6665, RFC 3856). */
import { addressIn, parametersIn } from './header-values.js';
import { PIDF_TYPE, readPidf, type Presence } from './pidf.js';
import { headerOf, neededHeader, type SipRequest, type SipResponse } from './sip-message.js';
import { enterDialog, newUsage, type Usage, type UserAgent } from './user-agent.js';

export type SubscriptionState = 'new' | 'pending' | 'active' | 'ended';

export interface SubscriptionListener {
  accepted(): void;
  denied(reason: string): void;
  presence(presence: Presence): void;
  /** The server wants it to be asked again. */
  again(): void;
}

export class Subscription {
  private usage: Usage = newUsage();
  private currentState: SubscriptionState = 'new';
  /** Of the newest NOTIFY of this dialog. */
  private newest = 0;
  presence: Presence | undefined;

  constructor(
    private readonly agent: UserAgent,
    private readonly contact: string,
    private readonly contactHeader: () => string,
    private readonly expires: number,
    private readonly listener: SubscriptionListener,
  ) {}

  get state(): SubscriptionState {
    return this.currentState;
  }

  /** Begins or renews it. @throws NoAnswer */
  async subscribe(): Promise<SipResponse> {
    const response = await this.send(this.expires);
    // §4.1.2.2: the server has forgotten the dialog, so another one begins.
    if (response.status !== 481 || this.usage.toTag === undefined) return response;
    this.begin();
    return this.send(this.expires);
  }

  /** @throws NoAnswer */
  async end(): Promise<void> {
    this.currentState = 'ended';
    await this.send(0);
  }

  /** Whether a NOTIFY belongs to it; it may come before the answer to SUBSCRIBE. */
  has(notify: SipRequest): boolean {
    const { tag } = addressIn(neededHeader(notify, 'to')).parameters;
    return headerOf(notify, 'call-id') === this.usage.callId && tag === this.usage.fromTag;
  }

  take(notify: SipRequest): void {
    // Datagrams overtake each other: what is older than what was shown is left out (RFC 3261 §12.2.2).
    const number = Number(neededHeader(notify, 'cseq').split(' ')[0]);
    if (number < this.newest) return;
    this.newest = number;
    const [, state = '', rest = ''] =
      /^\s*([\w-]+)(.*)$/.exec(headerOf(notify, 'subscription-state') ?? '') ?? [];
    if (state.toLowerCase() === 'terminated') return this.terminated(parametersIn(rest)['reason'] ?? '');
    const was = this.currentState;
    if (was === 'ended') return;
    this.currentState = state.toLowerCase() === 'pending' ? 'pending' : 'active';
    if (was === 'pending' && this.currentState === 'active') this.listener.accepted();
    this.show(notify);
  }

  /** Another dialog. */
  private begin(): void {
    this.usage = newUsage();
    this.newest = 0;
  }

  private show(notify: SipRequest): void {
    const presence = notify.body.length ? readPidf(notify.body.toString('utf8')) : undefined;
    if (!presence) return;
    const { presence: before } = this;
    this.presence = presence;
    if (before?.state !== presence.state || before.mood !== presence.mood) this.listener.presence(presence);
  }

  /** §4.1.3: what the reason means for another attempt. */
  private terminated(reason: string): void {
    const wasEnded = this.currentState === 'ended';
    this.begin();
    if (wasEnded) return;
    switch (reason.toLowerCase()) {
      case 'rejected':
      case 'noresource':
      case 'invariant':
        this.currentState = 'ended';
        return this.listener.denied(reason);
      default:
        this.currentState = 'new';
        this.listener.again();
    }
  }

  private async send(expires: number): Promise<SipResponse> {
    const { usage } = this;
    const response = await this.agent.send(usage, {
      method: 'SUBSCRIBE',
      uri: this.contact,
      headers: [
        ['Event', 'presence'],
        ['Accept', PIDF_TYPE],
        ['Expires', String(expires)],
        ['Contact', `<${this.contactHeader()}>`],
      ],
    });
    if (usage === this.usage && response.status < 300) enterDialog(usage, response);
    return response;
  }
}
