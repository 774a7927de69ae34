/** A bot account: processes what people do in their chat with it, and answers them. */
import { createHash } from 'node:crypto';
import type { Delivered, Hub } from '#adapter-kit';
import { addressOf, reportWords, type Capabilities, type Network } from '#protocol';
import { tolerate, type Log } from '#service';
import { BotInbox, type BotContent } from './bot-inbox.js';
import { Correspondents } from './correspondents.js';
import { recordRefusal } from './refused-input.js';

/** The person who did something, and how the account can answer. */
export interface BotActor {
  /** Native id of the act: the same each time the network reports it. */
  id: string;
  /** Native id of the person. */
  from: string;
  /** The name that the input carries; undefined: none. */
  name?: string | undefined;
  /** On networks where an answer to this input is another call than a message. */
  replyToken?: string | undefined;
}

export type BotAct =
  | (BotActor & BotContent & { act: 'message' })
  | (BotActor & { act: 'recall'; target: string; sentAt: Date })
  /** The person replaced the words of a message of theirs. @property writtenAt when they wrote the message itself */
  | (BotActor &
      Pick<BotContent, 'typed' | 'partOf' | 'sentAt'> & { act: 'edit'; target: string; writtenAt: Date })
  /** @property emoji all reactions of the person to the message from now on; empty: they took theirs back */
  | (BotActor & { act: 'reaction'; target: string; emoji: string[]; sentAt: Date })
  /** The person began to follow the account, or asked for help. @property opensAt when this opened a reply window; absent: it does not */
  | (BotActor & { act: 'asked'; opensAt?: Date })
  /** Concerns only the account, or cannot be read: recorded as not carried. @property id recorded instead of the content */
  | { act: 'lost'; kind: 'event' | 'unreadable'; why: string; id?: string };

export interface BotAccountOptions {
  hub: Hub;
  network: Network;
  language: Capabilities['language'];
  log: Log;
  /** Sends words of the account itself to the person who did something. */
  say: (to: BotActor, words: string) => Promise<Delivered>;
}

export class BotAccount {
  readonly contacts: Correspondents;
  private readonly inbox: BotInbox;

  constructor(private readonly options: BotAccountOptions) {
    const { hub, language } = options;
    this.contacts = new Correspondents(hub, language);
    this.inbox = new BotInbox(hub, this.contacts);
  }

  /**
   * Resolves when the act is stored, answered, or recorded as not carried. Acts of one person are carried out in the order of
   * the calls.
   * @param native the input, for the record. @throws HubError when a repetition may succeed
   */
  async carryOut(act: BotAct, native: string): Promise<void> {
    const { hub } = this.options;
    if (act.act === 'lost') return hub.notCarried({ kind: act.kind, why: act.why, native: act.id ?? native });
    return hub.inbound.run(act.from, () => this.carryOutInTurn(act, native));
  }

  private async carryOutInTurn(act: Exclude<BotAct, { act: 'lost' }>, native: string): Promise<void> {
    try {
      const words = await this.take(act);
      if (words !== undefined) await this.answer(act, words);
    } catch (thrown) {
      const code = recordRefusal(this.options.hub, thrown, native);
      if (act.act === 'message') await this.answer(act, reportWords(code, this.options.language));
    }
  }

  private async take(act: Exclude<BotAct, { act: 'lost' }>): Promise<string | undefined> {
    const address = addressOf(this.options.network, act.from);
    const from = act.name ? { address, displayName: act.name } : { address };
    switch (act.act) {
      case 'asked':
        if (act.opensAt) await this.options.hub.heard(address, act.opensAt);
        return this.contacts.help();
      case 'message':
        await this.options.hub.heard(address, act.sentAt);
        return this.inbox.take({ ...act, from });
      case 'recall':
        await this.inbox.recall({ ...act, from });
        return undefined;
      case 'edit':
        await this.inbox.edit({ ...act, from }, act);
        return undefined;
      case 'reaction':
        await this.inbox.react({ ...act, from }, act.emoji);
        return undefined;
    }
  }

  private async answer(to: BotActor, words: string): Promise<void> {
    const say = () =>
      this.options.hub.atMostOnce(`answer-${keyOf(to.id)}`, () => this.options.say(to, words));
    if (await tolerate('answer of the account', this.options.log, say)) return;
    this.options.hub.notCarried({
      kind: 'unanswered',
      why: 'an answer in words was not taken',
      native: to.id,
    });
  }
}

/** What may stand in the key of a bucket; a longer id, or one with other characters, by its digest. */
function keyOf(id: string): string {
  return /^[\w=-]{1,100}$/.test(id) ? id : createHash('sha256').update(id).digest('base64url');
}
