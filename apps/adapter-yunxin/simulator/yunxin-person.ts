/** One account (accid) of the app with the client of its owner. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { NotHere, type Act, type Person, type Sight } from '#simulators';
import { Timeline } from '#simulators';
import { needsUpload, upload } from './client-upload.js';
import type { Exchange } from './exchange.js';
import { contentOfSend, mediaOf, placeOf, textContent, type Content } from './message-type.js';

export class YunxinPerson implements Person {
  private readonly seen = new Timeline();
  readonly friends = new Set<YunxinPerson>();
  icon = '';

  constructor(
    readonly native: string,
    public name: string,
    private readonly exchange: Exchange,
  ) {}

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    return [...this.friends].map(({ native, name }) => ({ native, name, state: '' }));
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        if (act.quote !== undefined) throw new NotHere('write', 'yunxin with a quote');
        return this.send(act.to, textContent(act.text));
      case 'send':
        return this.send(
          act.to,
          contentOfSend(act.what, needsUpload(act) ? await upload(act, this.exchange.nos) : act.fields),
        );
      case 'place': {
        const fields = { lat: String(act.latitude), lng: String(act.longitude), title: act.name ?? '' };
        return this.send(act.to, contentOfSend('location', fields));
      }
      case 'add':
        return this.befriend(this.exchange.get(act.who));
      case 'remove':
        return this.unfriend(this.exchange.get(act.who));
      case 'appear':
        if (act.state !== 'login') throw new NotHere('appear', `yunxin as ${act.state}`);
        return { id: this.exchange.login(this) };
      case 'look':
        return this.look(act);
      case 'edit':
      case 'recall':
      case 'react':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'answer':
        throw new NotHere(act.do, 'yunxin');
    }
  }

  receive(from: YunxinPerson, { type, attach }: Content, id: string): void {
    const media = type.kind === 'media' ? { state: type.name, media: mediaOf(attach) } : {};
    const place = type.kind === 'location' ? { place: placeOf(attach) } : {};
    this.seen.see({
      kind: type.kind,
      from: from.native,
      name: from.name,
      id,
      text: type.text(attach),
      ...media,
      ...place,
    });
  }

  seeRecall(from: string, target: string): void {
    this.seen.see({ kind: 'recall', from, id: target, target });
  }

  /** Friend relations: the app's server adds, requests, accepts or refuses them for a user. */
  seeFriendship(kind: 'request' | 'accepted' | 'denied', from: YunxinPerson, text: string): void {
    const said = text ? { text } : {};
    this.seen.see({ kind, from: from.native, name: from.name, id: `${from.native}+${kind}`, ...said });
  }

  befriend(other: YunxinPerson): { id: string } {
    this.friends.add(other);
    other.friends.add(this);
    return { id: other.native };
  }

  private unfriend(other: YunxinPerson): { id: string } {
    this.friends.delete(other);
    other.friends.delete(this);
    return { id: other.native };
  }

  private async look({ name, picture }: Extract<Act, { do: 'look' }>): Promise<{ id: string }> {
    this.name = name ?? this.name;
    if (picture === '') this.icon = '';
    else if (picture !== undefined)
      this.icon = this.exchange.nos.put(await readFile(picture), { name: basename(picture) });
    return { id: this.native };
  }

  private send(to: string, content: Content): { id: string } {
    const message = this.exchange.send(this.native, to, content, {
      clientType: 'AOS',
      route: true,
      ext: '',
    });
    return { id: String(message.id) };
  }
}
