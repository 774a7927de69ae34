/** Somebody on Weibo, with their private messages with the account. */
import { microblogFaces } from '#emoji';
import { ClientPerson, fileToSend, NotHere, type Act } from '#simulators';
import type { FansService } from './fans-service.js';
import { ACCOUNT_UID } from './ids.js';

type Send = Extract<Act, { do: 'send' }>;

const ACCOUNT_NAME = 'Hutong互通';

export class WeiboPerson extends ClientPerson {
  name: string;
  picture = '';
  follows = true;
  /** Since when the account may write, ms since 1970 by the clock of the simulator. */
  openedAt: number | undefined;
  private last = 0;

  constructor(
    readonly native: string,
    private readonly service: FansService,
  ) {
    super();
    this.name = `微博${native.slice(-4)}`;
  }

  contacts(): { native: string; name: string; state: string }[] {
    return this.follows ? [{ native: ACCOUNT_UID, name: ACCOUNT_NAME, state: '' }] : [];
  }

  /** Clients number messages; nobody else learns the numbers. */
  nextId(): string {
    return `${this.native}-${++this.last}`;
  }

  /** The client shows a picture in place of the name of a face. */
  receive(text: string): void {
    const shown = microblogFaces.toEmoji(text);
    this.seen.see({ kind: 'text', from: ACCOUNT_UID, name: ACCOUNT_NAME, id: this.nextId(), text: shown });
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        if (act.quote !== undefined) throw new NotHere('write', 'weibo with a quote');
        return this.tell(act.to, 'text', act.text);
      case 'send':
        return this.send(act);
      case 'place':
        return this.sendPlace(act.to, act.latitude, act.longitude);
      case 'look':
        this.name = act.name ?? this.name;
        this.picture = act.picture ?? this.picture;
        return { id: this.native };
      case 'add':
      case 'remove':
        this.follows = act.do === 'add';
        return this.event(this.follows ? 'follow' : 'unfollow');
      case 'edit':
      case 'recall':
      case 'react':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'answer':
        throw new NotHere(act.do, 'weibo');
    }
  }

  /** Follows, scans a code, or presses a button of the menu. */
  event(subtype: string, key = ''): { id: string } {
    return { id: this.service.tell(this, { type: 'event', text: '事件消息', data: { subtype, key } }) };
  }

  private tell(to: string, type: 'text' | 'share', text: string): { id: string } {
    if (to !== ACCOUNT_UID) throw new Error(`write to the account, ${ACCOUNT_UID}`);
    return { id: this.service.tell(this, { type, text }) };
  }

  private sendPlace(to: string, latitude: number, longitude: number): { id: string } {
    if (to !== ACCOUNT_UID) throw new Error(`write to the account, ${ACCOUNT_UID}`);
    const data = { longitude: String(longitude), latitude: String(latitude) };
    return { id: this.service.tell(this, { type: 'position', text: '发送了一个位置', data }) };
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    switch (what) {
      case 'image':
      case 'voice': {
        const { bytes, type } = await fileToSend(file, 'sample.jpg');
        const tovfid = this.service.keep(bytes, type);
        const text = what === 'image' ? '分享图片' : '发了一个语音消息';
        return { id: this.service.tell(this, { type: what, text, data: { vfid: tovfid, tovfid } }) };
      }
      case 'location':
        return this.sendPlace(to, Number(fields['latitude']), Number(fields['longitude']));
      case 'link':
        // A post that is passed on: of no documented type.
        return this.tell(to, 'share', Object.values(fields).join(' '));
      case 'video':
      case 'file':
      case 'sticker':
      case 'card':
        throw new NotHere('send', `weibo a ${what}`);
    }
  }
}
