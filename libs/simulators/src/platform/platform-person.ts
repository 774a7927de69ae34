/** A follower of an official account, or a member of a company with a WeCom app. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { NotHere, type Act, type Person, type Sight } from '../person.js';
import { Timeline } from '../timeline.js';
import type { What } from './kind.js';
import type { Media } from './media-store.js';
import { mustTakeFile, pushedFields, type MediaSource } from './pushed-fields.js';
import type { MemberRate, SendWindow } from './send-window.js';
import type { Shown } from './shown.js';
import { textOf } from './text-of.js';
import type { Fields } from './xml.js';

/** The part of the platform that a person uses. */
export interface Surroundings extends MediaSource {
  account: string;
  /** Other spellings of the account that tests may use. */
  accountAliases: readonly string[];
  nextId(): string;
  holdMedia(what: What, bytes: Buffer, filename: string): Media;
  /** Downloads a file that the account sent, as the person's client does. @returns undefined if that fails */
  showMedia(id: string): Sight['media'];
  push(person: PlatformPerson, fields: Fields): void;
}

export class PlatformPerson implements Person {
  private readonly seen = new Timeline();
  follows = true;
  /** URL of the person's image; empty for none. */
  headimgurl = '';

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

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        if (act.quote !== undefined) throw new NotHere('write', `${this.around.kind.name} with a quote`);
        this.mustFollow(act.to);
        return this.say({ MsgType: 'text', Content: act.text });
      case 'send':
        return this.send(act);
      case 'place':
        return this.send({
          do: 'send',
          to: act.to,
          what: 'location',
          fields: {
            Location_X: String(act.latitude),
            Location_Y: String(act.longitude),
            ...(act.name ? { Label: act.name } : {}),
          },
        });
      case 'add':
        this.mustKnow(act.who);
        this.follows = true;
        return this.happen('subscribe');
      case 'remove':
        this.mustFollow(act.who);
        this.follows = false;
        return this.happen('unsubscribe');
      case 'look':
        return this.look(act);
      case 'edit':
      case 'recall':
      case 'react':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'answer':
        throw new NotHere(act.do, this.around.kind.name);
    }
  }

  /** Presses a menu button of the account, which opens the short window too. */
  click(eventKey: string): { id: string } {
    this.mustFollow(this.around.account);
    return this.happen(this.around.kind.dialect === 'company' ? 'click' : 'CLICK', eventKey);
  }

  /** @param named the platform gives the message an id for its recall; elsewhere an attachment is identified by its media id */
  see(shown: Shown, id: string, named = false): void {
    const { mediaId, ...rest } = shown;
    const media = mediaId ? this.around.showMedia(mediaId) : undefined;
    this.seen.see({
      ...rest,
      from: this.around.account,
      id: named ? id : (mediaId ?? id),
      ...(media ? { media } : {}),
    });
  }

  seeRecall(target: string, id: string): void {
    this.seen.see({ kind: 'recall', from: this.around.account, id, target });
  }

  seeFailure(target: string): void {
    const { outOfOrder } = this.around.kind;
    const text = outOfOrder ? { text: outOfOrder } : {};
    this.seen.see({ kind: 'failed', from: this.around.account, id: target, target, ...text });
  }

  private async send({ to, what, fields, file }: Extract<Act, { do: 'send' }>): Promise<{ id: string }> {
    const { around } = this;
    const type = around.kind.pushed[what];
    if (!type) throw new NotHere('send', `${around.kind.name} with a ${what}`);
    this.mustFollow(to);
    if (file !== undefined) mustTakeFile(what, type, fields);
    const media = file === undefined ? undefined : await this.upload(what, file);
    return this.say({ MsgType: type.msgType, ...pushedFields(what, type, fields, around, media) });
  }

  private async look({ name, picture }: Extract<Act, { do: 'look' }>): Promise<{ id: string }> {
    this.name = name ?? this.name;
    if (picture === '') this.headimgurl = '';
    else if (picture !== undefined)
      this.headimgurl = this.around.mediaUrl(await this.upload('image', picture));
    return { id: this.native };
  }

  private async upload(what: What, file: string): Promise<Media> {
    const bytes = await readFile(file);
    if (bytes.length === 0) throw new Error(`${file} is empty`);
    return this.around.holdMedia(what, bytes, basename(file));
  }

  private say(fields: Fields): { id: string } {
    const id = this.around.nextId();
    this.window.open('message');
    this.around.push(this, { ...this.head(), ...fields, MsgId: id });
    return { id };
  }

  /** Events have no MsgId: sender, time and event name are their identity. */
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
