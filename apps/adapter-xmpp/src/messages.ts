/** Publishes the acts of a message stanza. */
import { randomUUID } from 'node:crypto';
import { xml, type Element } from '@xmpp/component';
import { coversMessage, type Begun, type Hub, type MessageDraft } from '#adapter-kit';
import {
  deliveryKey,
  EMPTY,
  HubError,
  networkOf,
  PHRASES,
  plainText,
  RING_MS,
  textParts,
  type Address,
  type Content,
  type EventId,
  type Party,
} from '#protocol';
import { movedToPage, nativeCall, type CallAttempt } from './calls.js';
import type { Excerpts } from './excerpts.js';
import { newMessage } from './from-canonical.js';
import type { Ghosts } from './ghosts.js';
import { queuedAs } from './server-queue.js';
import { bareJid } from './jids.js';
import { NS } from './namespaces.js';
import { identityOf, nameIn, type References, type Thread } from './references.js';
import { sentAt } from './sent-at.js';
import { stanzaIds, type XmppAct } from './to-canonical.js';
import type { XmppConnection } from './xmpp.connection.js';
import { bounced, failureIn } from './xmpp.errors.js';

const TYPING_TTL_MS = 30_000;

export const NOTHING: Begun = { stored: Promise.resolve() };

type Change = Extract<XmppAct, { act: 'edit' | 'recall' | 'reaction' }>;

export class Messages {
  constructor(
    private readonly connection: XmppConnection,
    private readonly excerpts: Excerpts,
    private readonly references: References,
    private readonly ghosts: Pick<Ghosts, 'fullJidOf' | 'nameOf'>,
    private readonly hub: Hub,
  ) {}

  /** @param at the index of the act in its stanza */
  async begin(stanza: Element, from: Party, to: Address, act: XmppAct, at: number): Promise<Begun> {
    const thread = threadOf(stanza);
    switch (act.act) {
      case 'message':
        return this.say(stanza, from, to, act, at);
      case 'edit':
      case 'recall':
      case 'reaction':
        return this.change(stanza, from, to, act, at);
      case 'call':
        return this.call(stanza, from, to, act.attempt, at);
      case 'hangUp':
        return this.hangUp(stanza, from.address, act.call);
      case 'delivered':
      case 'read':
        return this.mark(stanza, from, to, act);
      case 'typing':
        this.hub.typing(from, to, act.state, TYPING_TTL_MS);
        return NOTHING;
      case 'decline':
        this.hub.log.info(
          { room: thread.sender },
          'an invitation to a room is declined: groups do not cross yet',
        );
        this.connection.send(declined(stanza, act.inviter));
        return NOTHING;
      case 'bounce':
        return this.returned(stanza, act);
      case 'notCarried':
        return this.notCarried(stanza, act.kind, act.why);
    }
  }

  private async say(
    stanza: Element,
    from: Party,
    to: Address,
    act: Extract<XmppAct, { act: 'message' }>,
    at: number,
  ): Promise<Begun> {
    const inReplyTo =
      act.replyTo === undefined
        ? undefined
        : (await this.references.find(threadOf(stanza), from.address, act.replyTo))?.id;
    const stored = this.hub.submitMessage({
      ...(await this.draft(stanza, from, to, at)),
      content: { body: act.body, ...(inReplyTo ? { inReplyTo } : {}) },
      ...(act.media.length > 0 ? { media: act.media } : {}),
      requestStatus: act.wants,
    });
    const [words] = textParts(act.body);
    return {
      stored: stored.then((id) => {
        this.excerpts.keep(deliveryKey(networkOf(from.address), id), words?.content ?? '');
        this.references.said(from.address, to, id);
      }),
    };
  }

  /** The caller gets the link of a call page. Without one the attempt is told in words. */
  private async call(
    stanza: Element,
    from: Party,
    to: Address,
    attempt: CallAttempt,
    at: number,
  ): Promise<Begun> {
    const { media, words } = attempt;
    const native = nativeCall(stanza, attempt.id);
    // What waited for us longer than that is told in words: nobody is at the phone any more.
    const isOld = Date.now() - sentAt(stanza).getTime() > RINGS_FOR_MS;
    const begun = isOld ? undefined : await this.hub.calls.begin({ native, from, to, media });
    if (!begun) {
      const act = { act: 'message' as const, body: plainText(words), media: [], wants: [] };
      const said = await this.say(stanza, from, to, act, at);
      const refuse = () => attempt.waits && this.connection.send(bounced(stanza, '12', CALL_REFUSED));
      return { stored: said.stored.then(refuse) };
    }
    const { call: id, url } = begun;
    const ghost = await this.ghosts.fullJidOf(to);
    this.connection.send(movedToPage(stanza, attempt, ghost));
    const envelope = { from: ghost, to: threadOf(stanza).sender, id };
    const text = PHRASES.en.callBegins(media, url);
    const nick = this.ghosts.nameOf({ address: to });
    this.connection.send(newMessage(envelope, text, { nick, call: { id, link: { url, media } } }));
    return NOTHING;
  }

  private async hangUp(stanza: Element, by: Address, call: string): Promise<Begun> {
    const { calls } = this.hub;
    const isOver =
      (await calls.hungUp({ native: nativeCall(stanza, call) }, by)) ||
      (await calls.hungUp({ about: call }, by));
    return isOver ? NOTHING : this.notCarried(stanza, 'call', 'the end of a call that is not open');
  }

  private async change(stanza: Element, from: Party, to: Address, act: Change, at: number): Promise<Begun> {
    const thread = threadOf(stanza);
    const target = await this.references.find(thread, from.address, act.target);
    if (!target) throw new HubError('25', 'the message that this refers to is not known here');
    const content = await this.contentOf(act, target.id, from.address, to);
    const draft = await this.draft(stanza, from, to, at);
    const stored = [this.hub.submitMessage({ ...draft, content, requestStatus: [] })] as Promise<unknown>[];
    if (act.act === 'edit') stored.push(this.references.correctedBy(thread, stanzaIds(stanza).all, target));
    return { stored: Promise.all(stored) };
  }

  private async mark(
    stanza: Element,
    from: Party,
    to: Address,
    act: Extract<XmppAct, { act: 'delivered' | 'read' }>,
  ): Promise<Begun> {
    const thread = threadOf(stanza);
    // A mark of reading covers all before it, so it need not name a message; a receipt is about one.
    const target =
      act.act === 'read'
        ? await this.references.lastUpTo(thread, from.address, to, act.target)
        : await this.references.find(thread, from.address, act.target);
    if (!target || target.author === from.address)
      return this.notCarried(
        stanza,
        'mark',
        `"${act.act}" for a stanza that is no message of the other side`,
      );
    // A message that became several stanzas is covered only by a receipt for the last one.
    if (!coversMessage(target, act.target)) return NOTHING;
    return {
      stored: this.hub.submitReceipt({
        nativeId: `${thread.sender} ${act.act} ${target.id}`,
        from,
        to,
        status: act.act,
        messages: [target.id],
        upTo: act.act === 'read',
        // XEP-0184 and XEP-0333: clients send both.
        basis: 'user-device',
      }),
    };
  }

  /** The server returns a message that it had accepted. An error of one device says nothing about the others. */
  private returned(stanza: Element, { target, error }: Extract<XmppAct, { act: 'bounce' }>): Begun {
    const from = stanza.attrs['from'] ?? '';
    if (from !== bareJid(from))
      return this.notCarried(stanza, 'bounce', 'an error of one device of the person, who may have others');
    const failure = failureIn(error);
    return {
      stored: this.hub.submitOutcome({ native: target }, { stage: 'failed', basis: 'network', ...failure }),
    };
  }

  private notCarried(stanza: Element, kind: string, why: string): Begun {
    this.hub.notCarried({ kind, why, native: stanza.toString() });
    return NOTHING;
  }

  private async draft(
    stanza: Element,
    from: Party,
    to: Address,
    at: number,
  ): Promise<Omit<MessageDraft, 'content'>> {
    const [thread, ids] = [threadOf(stanza), stanzaIds(stanza)];
    const identity = `${identityOf(thread, ids, stanza)}${at === 0 ? '' : `#${at}`}`;
    return {
      nativeId: (await this.isOurs(ids.id)) ? identity : (ids.id ?? queuedAs(stanza) ?? randomUUID()),
      identity,
      references: ids.all.map((id) => nameIn(thread, id)),
      // The full JID: an error reaches a client only there (RFC 6121 §8.5.2).
      conversation: stanza.attrs['from'] ?? thread.sender,
      from,
      to,
      sentAt: sentAt(stanza),
    };
  }

  /** A client that gives its message the id of one that it received: that is a new message, and no echo. */
  private async isOurs(id: string | undefined): Promise<boolean> {
    return id !== undefined && EVENT_ID.test(id) && (await this.hub.findNative(id)) !== undefined;
  }

  private async contentOf(act: Change, target: EventId, from: Address, to: Address): Promise<Content> {
    if (act.act === 'edit') return { replaces: target, body: act.body };
    if (act.act === 'recall') return { replaces: target, body: EMPTY };
    const reactions = await this.hub.reactionsAfter({ from, to, target }, { current: act.emoji });
    return { inReplyTo: target, body: EMPTY, reactions };
  }
}

const RINGS_FOR_MS = 2 * RING_MS;
const CALL_REFUSED = 'there is no call page here; the person is told that you called';

const EVENT_ID = /^[A-Za-z0-9_-]{27}$/;

function threadOf(stanza: Element): Thread {
  return { sender: bareJid(stanza.attrs['from'] ?? ''), ghost: bareJid(stanza.attrs['to'] ?? '') };
}

/** XEP-0045 §7.8.2. */
function declined(stanza: Element, inviter: string): Element {
  const { from = '', to = '' } = stanza.attrs;
  return xml(
    'message',
    { from: bareJid(to), to: bareJid(from) },
    xml(
      'x',
      { xmlns: NS.mucUser },
      xml('decline', { to: inviter }, xml('reason', {}, 'Group chats do not cross networks yet.')),
    ),
  );
}
