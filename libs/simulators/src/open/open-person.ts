/** A person on a network that joined through the open interface: his client can do all that the interface can. */
import { NotHere, type Act, type Person, type Sight } from '../person.js';
import { Timeline } from '../timeline.js';
import type { OpenEvent } from './hub-client.js';

const KINDS: Record<string, Sight['kind']> = {
  message: 'text',
  edit: 'edit',
  recall: 'recall',
  reaction: 'reaction',
  delivered: 'delivered',
  read: 'read',
  typing: 'typing',
  presence: 'presence',
  failure: 'failed',
};
const CONTACT: Record<string, Sight['kind']> = {
  request: 'request',
  accept: 'accepted',
  deny: 'denied',
  remove: 'removed',
};

type Telling = Omit<OpenEvent, 'id' | 'from'>;

export class OpenPerson implements Person {
  private readonly seen = new Timeline();
  private readonly known = new Map<string, { native: string; name: string; state: string }>();

  constructor(
    readonly native: string,
    readonly name: string,
    private readonly network: string,
    private readonly tell: (person: OpenPerson, event: Telling) => Promise<{ id: string }>,
  ) {}

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    return [...this.known.values()];
  }

  /** The hub tells him something. */
  see(event: OpenEvent): void {
    const { id, name = id } = event.from;
    const state = event.kind === 'presence' ? (event.state ?? '') : (this.known.get(id)?.state ?? '');
    this.known.set(id, { native: id, name, state });
    const about = event.target ?? event.replyTo;
    const text = wordsOf(event);
    this.seen.see({
      kind: kindOf(event),
      from: id,
      name,
      id: event.id,
      ...(text === undefined ? {} : { text }),
      ...(about ? { target: about } : {}),
      ...(event.state ? { state: event.state } : {}),
      ...(event.emoji ? { emoji: event.emoji } : {}),
      ...(event.delayedSince ? { since: event.delayedSince } : {}),
    });
  }

  /** The hub refused what he did. */
  fail(about: string, text: string): void {
    this.seen.see({ kind: 'failed', from: this.native, id: `${about}-failed`, target: about, text });
  }

  act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.tell(this, {
          kind: 'message',
          to: act.to,
          text: act.text,
          format: act.format ?? 'plain',
          ...(act.quote ? { replyTo: act.quote } : {}),
        });
      case 'send':
        return this.tell(this, { kind: 'message', to: act.to, ...sent(act.what, act.fields) });
      case 'edit':
        return this.tell(this, { kind: 'edit', to: act.to, target: act.target, text: act.text });
      case 'recall':
        return this.tell(this, { kind: 'recall', to: act.to, target: act.target });
      case 'react':
        return this.tell(this, { kind: 'reaction', to: act.to, target: act.target, emoji: act.emoji });
      case 'read':
        return this.tell(this, { kind: 'read', to: act.to, target: act.target });
      case 'type':
        return this.tell(this, { kind: 'typing', to: act.to, state: act.on ? 'composing' : 'stopped' });
      case 'appear':
        return this.appear(act.state, act.mood);
      case 'add':
        return this.contact(act.who, 'request', act.note);
      case 'answer':
        return this.contact(act.who, act.yes ? 'accept' : 'deny');
      case 'remove':
        return this.contact(act.who, 'remove');
      case 'nudge':
        return Promise.reject(new NotHere(act.do, this.network));
    }
  }

  private contact(to: string, state: string, text?: string): Promise<{ id: string }> {
    return this.tell(this, { kind: 'contact', to, state, ...(text ? { text } : {}) });
  }

  /** Told to everybody whom he knows. */
  private async appear(state: string, text?: string): Promise<{ id: string }> {
    const told = await Promise.all(
      [...this.known.keys()].map((to) =>
        this.tell(this, { kind: 'presence', to, state, ...(text ? { text } : {}) }),
      ),
    );
    return told[0] ?? { id: '' };
  }
}

function kindOf({ kind, state = '', place, card }: OpenEvent): Sight['kind'] {
  if (place) return 'location';
  if (card) return 'card';
  return (kind === 'contact' ? CONTACT[state] : KINDS[kind]) ?? 'text';
}

function wordsOf({ text, place, card, code }: OpenEvent): string | undefined {
  const where = place && `${place.label ?? ''} ${place.latitude},${place.longitude}`.trim();
  const said = text ?? where ?? card?.name;
  return said !== undefined && code !== undefined ? `${said} (${code})` : said;
}

function sent(
  what: Extract<Act, { do: 'send' }>['what'],
  fields: Record<string, string>,
): Partial<OpenEvent> {
  const name = fields['name'];
  switch (what) {
    case 'location':
      return {
        place: {
          latitude: Number(fields['latitude']),
          longitude: Number(fields['longitude']),
          ...(fields['label'] ? { label: fields['label'] } : {}),
        },
      };
    case 'card':
      return { card: { name: name ?? '', ...(fields['phone'] ? { phone: fields['phone'] } : {}) } };
    case 'sticker':
      return { sticker: { type: 'image/png', ...(fields['meaning'] ? { meaning: fields['meaning'] } : {}) } };
    case 'link':
      return { text: fields['url'] ?? '' };
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return { media: { type: fields['type'] ?? 'application/octet-stream', ...(name ? { name } : {}) } };
  }
}
