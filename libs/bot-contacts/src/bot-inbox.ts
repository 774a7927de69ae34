/** What a person does with a bot account -> events for whom it concerns, or words for the person. */
import type { Hub, MessageDraft, MessageRef, NativeAttachment } from '#adapter-kit';
import {
  EMPTY,
  HubError,
  networkOf,
  plainText,
  recipientIn,
  type Address,
  type LeafPart,
  type Party,
  type SinglePart,
} from '#protocol';
import type { Correspondents, Reading } from './correspondents.js';
import { readLine } from './read-line.js';

/** A change may overtake its message by this much, ms: the network is asked to deliver the change again. */
const OVERTAKEN_MS = 60_000;

/** What a native message says. It has `typed`, `part` or `media`, or a caption as `typed` with its `media`. */
export interface BotContent extends Pick<
  MessageDraft,
  'conversation' | 'references' | 'requestStatus' | 'sentAt'
> {
  /** Text, which may begin with a command that names a person. */
  typed?: string;
  /** How the text is read, where the network marks it. Absent: it is plain. */
  partOf?: (text: string) => SinglePart;
  /** Content without text in which a person could be named. */
  part?: LeafPart;
  media?: NativeAttachment;
  /** Native id of the message that it quotes. */
  quotes?: string | undefined;
}

/** A native message to the bot account. */
export interface BotMessage extends BotContent {
  id: string;
  from: Party;
}

/** A change of a native message that crossed. */
export interface BotChange {
  /** Native id of the change itself. */
  id: string;
  from: Party;
  /** Native id of the message. */
  target: string;
  sentAt: Date;
}

export class BotInbox {
  constructor(
    private readonly hub: Pick<
      Hub,
      'submitMessage' | 'findNative' | 'findReferred' | 'notCarried' | 'reactionsAfter'
    >,
    private readonly contacts: Pick<Correspondents, 'read' | 'whom'>,
  ) {}

  /**
   * Resolves when the message is stored, or recorded as not carried.
   * @returns words that the account must say to the person: an answer to a command, or whom they write to from now on
   * @throws HubError as `hub.submitMessage`
   */
  async take(message: BotMessage): Promise<string | undefined> {
    const { id, from, part, media, quotes, sentAt, conversation, references, requestStatus } = message;
    const { partOf = plainText } = message;
    const quoted = quotes === undefined ? undefined : await this.hub.findReferred(quotes);
    const partner = quoted && partnerIn(quoted, from.address);
    const reading = await this.read(message, partner);
    if (reading.act === 'answer') {
      if (media && message.typed !== undefined)
        this.hub.notCarried({
          kind: 'unanswered',
          why: 'an attachment whose caption is a command',
          native: id,
        });
      return reading.text;
    }
    if (reading.act === 'nothing') {
      this.hub.notCarried({ kind: 'unanswered', why: reading.why, native: id });
      return undefined;
    }
    const body = reading.text === undefined ? (part ?? EMPTY) : partOf(reading.text);
    await this.hub.submitMessage({
      ...namedBy(id, references),
      from,
      to: reading.to,
      sentAt,
      content: { body, ...(quoted && partner === reading.to ? { inReplyTo: quoted.id } : {}) },
      ...(media ? { media: [media] } : {}),
      ...(conversation === undefined ? {} : { conversation }),
      ...(references === undefined ? {} : { references }),
      ...(requestStatus ? { requestStatus } : {}),
    });
    return reading.notice;
  }

  private async read(
    { id, from, typed }: BotMessage,
    partner: Address | undefined,
  ): Promise<Reading | { act: 'send'; to: Address; text?: undefined; notice?: undefined }> {
    const { address } = from;
    return typed === undefined
      ? this.contacts.whom(address)
      : this.contacts.read(address, id, typed, partner);
  }

  /**
   * The person recalled a message of theirs. Resolves when that is stored.
   * @throws HubError 14 for a message that never crossed
   */
  async recall({ id, from, target, sentAt }: BotChange): Promise<void> {
    const recalled = await this.known(target);
    const content = { body: EMPTY, replaces: recalled.id };
    const to = recipientIn(recalled.within, recalled.author);
    await this.hub.submitMessage({ nativeId: id, from, to, sentAt, content });
  }

  /**
   * The person replaced the words of a message of theirs. Resolves when that is stored.
   * @throws HubError 91 for a recent message that may still come, 14 for one that never crossed
   */
  async edit(
    { id, from, target, sentAt }: BotChange,
    { typed = '', partOf = plainText, writtenAt }: Pick<BotContent, 'typed' | 'partOf'> & { writtenAt: Date },
  ): Promise<void> {
    const edited = await this.hub.findNative(target);
    if (!edited && Date.now() - writtenAt.getTime() < OVERTAKEN_MS)
      throw new HubError('91', 'the message that this edits has not come yet');
    const { id: replaces, within, author } = edited ?? (await this.known(target));
    const line = readLine(typed, false);
    const content = { body: partOf('text' in line ? line.text : typed), replaces };
    await this.hub.submitMessage({ nativeId: id, from, to: recipientIn(within, author), sentAt, content });
  }

  /**
   * The person reacted to a message. Resolves when that is stored.
   * @param emoji all their reactions to it. @throws HubError 14 for a message that never crossed
   */
  async react({ id, from, target, sentAt }: BotChange, emoji: string[]): Promise<void> {
    const message = await this.known(target);
    const to = partnerIn(message, from.address);
    const reacting = { from: from.address, to, target: message.id };
    const reactions = await this.hub.reactionsAfter(reacting, { current: emoji });
    const content = { body: EMPTY, inReplyTo: message.id, reactions };
    await this.hub.submitMessage({ nativeId: id, from, to, sentAt, content });
  }

  private async known(native: string): Promise<MessageRef> {
    const found = await this.hub.findReferred(native);
    if (!found) throw new HubError('14', 'the message that this changes never crossed');
    return found;
  }
}

/** Whom the person talks with where this message stands: its author, or who got it. */
function partnerIn({ author, within }: MessageRef, person: Address): Address {
  return networkOf(author) === networkOf(person) ? recipientIn(within, author) : author;
}

/** An operator looks for a message by the id that its network shows, which need not be what makes the message unique. */
function namedBy(
  id: string,
  references: BotMessage['references'],
): Pick<MessageDraft, 'nativeId' | 'identity'> {
  const [shown = id] = references ?? [];
  return shown === id ? { nativeId: id } : { nativeId: shown, identity: id };
}
