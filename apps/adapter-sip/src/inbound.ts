/** Carries out what people send by MESSAGE. It is answered when the bus has it: 202, since it is handed on (RFC 3428 §7). */
import { coversMessage, type Hub, type MessageRef } from '#adapter-kit';
import { plainText, recipientIn, toHubError, type Address, type Party } from '#protocol';
import type { Caller } from './sip.connection.js';
import { ACCEPTED, statusOf } from './sip.errors.js';
import { answer } from './stack/sip-endpoint.js';
import type { SipRequest, SipResponse } from './stack/sip-message.js';
import { readMessage, type SipAct } from './to-canonical.js';
import type { Uris } from './uris.js';

export interface InboundOptions {
  hub: Hub;
  uris: Uris;
  /** A message to somebody of this network itself. @returns the status of its answer */
  relay: (caller: Caller, to: string, request: SipRequest) => Promise<number>;
}

type Carried = Exclude<SipAct, { act: 'unsupported' | 'unreadable' }>;

export class Inbound {
  constructor(private readonly options: InboundOptions) {}

  async message(caller: Caller, request: SipRequest): Promise<SipResponse> {
    const act = readMessage(request);
    if (act.act === 'unsupported') return answer(request, 415, [['accept', ACCEPTED]]);
    if (act.act === 'unreadable') return answer(request, 400);
    try {
      return answer(request, await this.carry(caller, request, act));
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.options.hub.log.info({ code, reason: detail }, 'a MESSAGE is refused');
      const { status, headers } = statusOf(code);
      return answer(request, status, headers);
    }
  }

  /** Whom a request is for, abroad. @throws HubError 14 */
  async remote(uri: string): Promise<Address | { own: string }> {
    const { uris, hub } = this.options;
    const addressee = uris.addressee(uri);
    switch (addressee.kind) {
      case 'own':
        return { own: addressee.native };
      case 'server':
        return { own: '' };
      case 'digest':
        return hub.rememberedGhost(addressee.digest);
      case 'remote':
        return hub.canonical(addressee.address);
    }
  }

  private carry(caller: Caller, request: SipRequest, act: Carried): Promise<number> {
    const { hub, uris, relay } = this.options;
    // The URI names the conversation: looking up who it stands for holds up this one only.
    return hub.inbound.run(`${caller.native} ${request.uri}`, async () => {
      const to = await this.remote(request.uri);
      if (typeof to === 'object') return relay(caller, to.own, request);
      const from: Party = {
        address: uris.ownAddress(caller.native),
        ...(caller.displayName === undefined ? {} : { displayName: caller.displayName }),
      };
      return this.act(from, to, act);
    });
  }

  private async act(from: Party, to: Address, act: Carried): Promise<number> {
    const { hub } = this.options;
    switch (act.act) {
      case 'message':
        await hub.submitMessage({
          nativeId: act.id,
          identity: act.identity,
          from,
          to,
          sentAt: act.sentAt ?? new Date(),
          content: { body: plainText(act.text) },
          requestStatus: act.wants,
        });
        return 202;
      case 'typing':
        hub.typing(from, to, act.state, act.ttlMs);
        return 200;
      case 'notification':
        await this.notified(from, act);
        return 200;
    }
  }

  /** A phone, or the network behind the trunk, says what became of a message. */
  private async notified(from: Party, { imdn }: Extract<Carried, { act: 'notification' }>): Promise<void> {
    const { hub } = this.options;
    const { messageId, status } = imdn;
    const target = await hub.findNative(messageId);
    if (target && recipientIn(target.within, target.author) !== from.address) {
      hub.notCarried({
        kind: 'imdn',
        why: 'a notification about a message to somebody else',
        native: messageId,
      });
      return;
    }
    const basis = 'user-device' as const;
    if (status === 'failed') {
      const detail = 'the phone reports that it could not show the message';
      await hub.submitOutcome({ native: messageId }, { stage: 'failed', basis, code: '100', detail });
    } else if (!target || (target.submitted && status === 'delivered'))
      await hub.submitOutcome(
        { native: messageId },
        { stage: status === 'displayed' ? 'read' : 'delivered', basis },
      );
    // A phone that answered 200 has said that it has the message.
    else if (status === 'delivered' && target.basis === 'user-device') return;
    else if (coversMessage(target, messageId)) await this.receipt(from, target, status);
  }

  private async receipt(
    from: Party,
    { id, author }: MessageRef,
    status: 'delivered' | 'displayed',
  ): Promise<void> {
    await this.options.hub.submitReceipt({
      nativeId: `${from.address} ${status} ${id}`,
      from,
      to: author,
      status: status === 'displayed' ? 'read' : 'delivered',
      messages: [id],
      upTo: false,
      basis: 'user-device',
    });
  }
}
