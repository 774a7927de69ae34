/** Translates acts of the subscribers of the test network to drafts for the hub. */
import {
  addressOf,
  EMPTY,
  type EventId,
  HubError,
  markdownText,
  network as networkSlug,
  plainText,
  type Address,
  type Availability,
  type CallAction,
  type ContactEvent,
  type Content,
  type Network,
  type Part,
  type Party,
} from '#protocol';
import {
  coversMessage,
  type Hub,
  type MessageDraft,
  type NativeAttachment,
  type NativeAvatar,
} from '#adapter-kit';
import type { TestAct } from './test-network.js';

/** Data about the subscribers that the adapter has from their acts. */
export class TestSubscribers {
  /** Latest name of each subscriber. */
  private readonly names = new Map<string, string>();
  private readonly presences = new Map<string, Availability>();

  constructor(
    private readonly network: Network,
    private readonly hub: Hub,
    private readonly ask: (about: string) => Promise<void>,
  ) {}

  nameOf(native: string): string {
    return this.names.get(native) ?? native;
  }

  presenceOf(native: string): Availability | undefined {
    return this.presences.get(native);
  }

  /** Hands an act to the hub. @throws HubError for an act that the hub refuses */
  async take(act: TestAct): Promise<void> {
    const from = this.senderOf(act);
    const to = remoteAddress(act.to);
    switch (act.kind) {
      case 'message':
      case 'edit':
      case 'recall':
      case 'reaction':
        await this.hub.inbound.begin(`${act.from} ${act.to}`, async () => {
          if (act.asks) await this.ask(act.from);
          const content = await this.contentOf(act);
          await this.hub.heard(from.address, new Date(act.sentAt ?? Date.now()));
          return { stored: this.hub.submitMessage(this.draftOf(act, { from, to, content })) };
        });
        return;
      case 'delivered':
      case 'read': {
        const target = await this.hub.findNative(act.target ?? '');
        if (target && coversMessage(target, act.target ?? ''))
          await this.hub.submitReceipt({
            nativeId: act.id,
            from,
            to,
            status: act.kind,
            messages: [target.id],
            upTo: true,
            basis: 'user-device',
          });
        return;
      }
      case 'call':
        await this.hub.submitCall({
          native: act.id,
          from,
          to,
          media: 'voice',
          action: act.state as CallAction,
          ...(act.target ? { call: act.target as EventId } : {}),
          ...(act.text ? { session: act.text } : {}),
        });
        return;
      case 'contact':
        await this.hub.submitContact({
          nativeId: act.id,
          from,
          to,
          action: act.state as ContactEvent['data']['action'],
        });
        return;
      case 'typing':
        return this.hub.typing(from, to, act.state === 'composing' ? 'composing' : 'stopped', 20_000);
      case 'presence':
        this.presences.set(act.from, act.state as Availability);
        return this.hub.presence(from, to, act.state as Availability);
      case 'failure':
      case 'avatar':
        return;
    }
  }

  private draftOf(
    act: TestAct,
    { from, to, content }: Pick<MessageDraft, 'from' | 'to' | 'content'>,
  ): MessageDraft {
    return {
      nativeId: act.id,
      from,
      to,
      sentAt: act.sentAt === undefined ? new Date() : new Date(act.sentAt),
      content,
      ...(act.media ? { media: [nativeOfTest(act.media)] } : {}),
      requestStatus: act.quiet ? [] : ['delivered', 'read'],
    };
  }

  private senderOf({ from, name = from, avatar }: TestAct): Party {
    if (name !== '') this.names.set(from, name);
    const address = addressOf(this.network, from);
    if (avatar !== undefined) this.hub.learn(address, { avatar: avatarOfTest(avatar) });
    return { address, ...(name === '' ? {} : { displayName: name }) };
  }

  private async contentOf(act: TestAct): Promise<Content> {
    const target = act.target === undefined ? undefined : (await this.hub.findNative(act.target))?.id;
    if (act.target !== undefined && !target) throw new HubError('25', 'no such message');
    const body = wordsOfAct(act);
    if (act.kind === 'reaction')
      return {
        body: EMPTY,
        inReplyTo: target,
        ...(target
          ? {
              reactions: await this.hub.reactionsAfter(
                { from: addressOf(this.network, act.from), to: remoteAddress(act.to), target },
                { current: act.emoji ?? [] },
              ),
            }
          : {}),
      };
    if (act.kind === 'message') return { body, ...(target ? { inReplyTo: target } : {}) };
    return { body: act.kind === 'recall' ? EMPTY : body, replaces: target };
  }
}

/** In the text of a test, the address of a remote person: "to" is `<native id>@<network>`. */
function remoteAddress(to: string): Address {
  const at = to.lastIndexOf('@');
  return addressOf(networkSlug(to.slice(at + 1)), to.slice(0, at));
}

function wordsOfAct({ text, markdown }: TestAct): Part {
  if (markdown !== undefined) return markdownText(markdown);
  return text === undefined ? EMPTY : plainText(text);
}

function avatarOfTest(path: string): NativeAvatar | null {
  return path === '' ? null : { version: path, source: { path } };
}

function nativeOfTest({ path, as, name }: NonNullable<TestAct['media']>): NativeAttachment {
  return {
    source: { path },
    disposition: 'attachment',
    contentType: 'application/octet-stream',
    ...(name ? { filename: name } : {}),
    ...(as === 'voice' ? { meta: { voice: true } } : {}),
  };
}
