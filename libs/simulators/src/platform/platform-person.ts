/** One who follows an official account, or a member with a WeCom app in his client. */
import { NotHere, type Act, type Person, type Sight } from '../person.js';
import { Timeline } from '../timeline.js';
import type { PlatformKind, PushedType, What } from './kind.js';
import type { Media } from './media-store.js';
import type { MemberRate, SendWindow } from './send-window.js';
import type { Shown } from './shown.js';
import { textOf } from './text-of.js';
import type { Fields } from './xml.js';

/** What a person needs of the platform around him. */
export interface Surroundings {
  kind: PlatformKind;
  account: string;
  /** Other spellings of the account, which a test may use. */
  accountAliases: readonly string[];
  nextId(): string;
  sampleMedia(what: What): Media;
  findMedia(id: string): Media | undefined;
  mediaUrl(media: Media): string;
  push(person: PlatformPerson, fields: Fields): void;
}

export class PlatformPerson implements Person {
  private readonly seen = new Timeline();
  follows = true;

  constructor(
    readonly native: string,
    public name: string,
    private readonly around: Surroundings,
    readonly window: SendWindow,
    readonly rate: MemberRate,
  ) {}

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    const { account } = this.around;
    return this.follows ? [{ native: account, name: account, state: '' }] : [];
  }

  // eslint-disable-next-line typescript/require-await -- what is wrong must reject, as the interface says
  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        if (act.quote !== undefined) throw new NotHere('write', `${this.around.kind.name} with a quote`);
        this.mustFollow(act.to);
        return this.say({ MsgType: 'text', Content: act.text });
      case 'send':
        return this.send(act.to, act.what, act.fields);
      case 'add':
        this.mustKnow(act.who);
        this.follows = true;
        return this.happen('subscribe');
      case 'remove':
        this.mustFollow(act.who);
        this.follows = false;
        return this.happen('unsubscribe');
      case 'edit':
      case 'recall':
      case 'react':
      case 'read':
      case 'type':
      case 'nudge':
      case 'appear':
      case 'answer':
        throw new NotHere(act.do, this.around.kind.name);
    }
  }

  /** Presses a menu button of the account, which opens the short window too. */
  click(eventKey: string): { id: string } {
    this.mustFollow(this.around.account);
    return this.happen(this.around.kind.name === 'wecom' ? 'click' : 'CLICK', eventKey);
  }

  see(shown: Shown, id: string): void {
    const { mediaId, ...rest } = shown;
    this.seen.see({ ...rest, from: this.around.account, id: mediaId ?? id });
  }

  seeRecall(target: string, id: string): void {
    this.seen.see({ kind: 'recall', from: this.around.account, id, target });
  }

  seeFailure(target: string): void {
    const { outOfOrder } = this.around.kind;
    const text = outOfOrder ? { text: outOfOrder } : {};
    this.seen.see({ kind: 'failed', from: this.around.account, id: target, target, ...text });
  }

  private send(to: string, what: What, given: Record<string, string>): { id: string } {
    const type = this.around.kind.pushed[what];
    if (!type) throw new NotHere('send', `${this.around.kind.name} with a ${what}`);
    this.mustFollow(to);
    return this.say({ MsgType: type.msgType, ...this.fill(what, type, given) });
  }

  private fill(what: What, type: PushedType, given: Record<string, string>): Fields {
    const unknown = Object.keys(given).find((name) => !(name in type.fields));
    if (unknown) throw new Error(`${this.around.kind.name} knows no ${unknown} in a ${what}`);
    // The picture's address shows the very media that the person names.
    let media = this.around.findMedia(given['MediaId'] ?? '');
    const fields: Fields = {};
    for (const [name, rule] of Object.entries(type.fields)) {
      const value = given[name];
      if (value !== undefined) fields[name] = value;
      else if (rule === 'required') throw new Error(`a ${what} on ${this.around.kind.name} needs ${name}`);
      else if (rule === 'media-id') fields[name] = (media ??= this.around.sampleMedia(what)).id;
      else if (rule === 'media-url') {
        fields[name] = this.around.mediaUrl((media ??= this.around.sampleMedia(what)));
      } else if (rule !== 'optional') fields[name] = rule.default;
    }
    return fields;
  }

  private say(fields: Fields): { id: string } {
    const id = this.around.nextId();
    this.window.open('message');
    this.around.push(this, { ...this.head(), ...fields, MsgId: id });
    return { id };
  }

  /** Events bear no MsgId: who, when and what is all that tells one from another. */
  private happen(event: string, eventKey = ''): { id: string } {
    const head = this.head();
    const at = textOf(head['CreateTime']);
    if (event !== 'unsubscribe') this.window.open('event');
    this.around.push(this, { ...head, MsgType: 'event', Event: event, EventKey: eventKey });
    return { id: `${this.native}+${at}+${event}` };
  }

  private head(): Fields {
    return {
      ToUserName: '',
      FromUserName: this.native,
      CreateTime: Math.floor(Date.now() / 1000),
    };
  }

  private mustKnow(account: string): void {
    if (account === this.around.account || this.around.accountAliases.includes(account)) return;
    throw new Error(`there is no account ${account} on this ${this.around.kind.name}`);
  }

  private mustFollow(account: string): void {
    this.mustKnow(account);
    if (!this.follows) throw new Error(`you do not follow ${account}`);
  }
}
