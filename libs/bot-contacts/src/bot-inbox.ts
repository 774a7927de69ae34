/** What a person does with a bot account -> events for whom it concerns, or words for the person. */
import type { Hub, MessageDraft, NativeAttachment } from '#adapter-kit';
import { EMPTY, HubError, networkOf, plainText, recipientIn, type Address, type LeafPart } from '#protocol';
import type { Correspondents, Reading } from './correspondents.js';

/** What a native message says. It has `typed`, `part` or `media`. */
export interface BotContent extends Pick<MessageDraft, 'conversation' | 'sentAt'> {
  /** Text, which may begin with a command that names a person. */
  typed?: string;
  /** Content without text in which a person could be named. */
  part?: LeafPart;
  media?: NativeAttachment;
  /** Native id of the message that it quotes. */
  quotes?: string | undefined;
}

/** A native message to the bot account. */
export interface BotMessage extends BotContent {
  id: string;
  from: Address;
}

export class BotInbox {
  constructor(
    private readonly hub: Pick<Hub, 'submitMessage' | 'findNative' | 'notCarried'>,
    private readonly contacts: Pick<Correspondents, 'read' | 'whom'>,
  ) {}

  /**
   * Resolves when the message is stored, or recorded as not carried.
   * @returns words that the account must say to the person: an answer to a command, or whom they write to from now on
   * @throws HubError as `hub.submitMessage`
   */
  async take(message: BotMessage): Promise<string | undefined> {
    const { id, from, part, media, quotes, sentAt, conversation } = message;
    const quoted = quotes === undefined ? undefined : await this.hub.findNative(quotes);
    const partner =
      quoted &&
      (networkOf(quoted.author) === networkOf(from)
        ? recipientIn(quoted.within, quoted.author)
        : quoted.author);
    const reading = await this.read(message, partner);
    if (reading.act === 'answer') return reading.text;
    if (reading.act === 'nothing') {
      this.hub.notCarried({ kind: 'unanswered', why: reading.why, native: id });
      return undefined;
    }
    const body = reading.text === undefined ? (part ?? EMPTY) : plainText(reading.text);
    await this.hub.submitMessage({
      nativeId: id,
      from: { address: from },
      to: reading.to,
      sentAt,
      content: { body, ...(quoted && partner === reading.to ? { inReplyTo: quoted.id } : {}) },
      ...(media ? { media: [media] } : {}),
      ...(conversation === undefined ? {} : { conversation }),
    });
    return reading.notice;
  }

  private async read(
    { id, from, typed }: BotMessage,
    partner: Address | undefined,
  ): Promise<Reading | { act: 'send'; to: Address; text?: undefined; notice?: undefined }> {
    return typed === undefined ? this.contacts.whom(from) : this.contacts.read(from, id, typed, partner);
  }

  /**
   * The person recalled a message of theirs. Resolves when that is stored.
   * @param id of the recall itself. @param target native id of the message
   * @throws HubError 14 for a message that never crossed
   */
  async recall(id: string, from: Address, target: string, sentAt: Date): Promise<void> {
    const recalled = await this.hub.findNative(target);
    if (!recalled) throw new HubError('14', 'the recalled message never crossed');
    const content = { body: EMPTY, replaces: recalled.id };
    await this.hub.submitMessage({
      nativeId: id,
      from: { address: from },
      to: recipientIn(recalled.within, recalled.author),
      sentAt,
      content,
    });
  }
}
