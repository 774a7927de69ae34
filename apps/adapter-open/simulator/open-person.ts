/** A person on a network with the open interface. Their client has every feature of the interface. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { NotHere, type Act, type Person, type Sight } from '#simulators';
import { Timeline } from '#simulators';
import type { OpenEvent, OpenMedia } from './hub-client.js';
import type { OwnFile } from './hub-media.js';
import { mediaTypeOf } from '#simulators';

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
type Send = Extract<Act, { do: 'send' }>;

/** The part of the network that a person uses. */
export interface Surroundings {
  network: string;
  tell(person: OpenPerson, event: Telling): Promise<{ id: string }>;
  /** @returns the id that the hub gave. @throws Error with the hub's error text */
  upload(file: OwnFile): Promise<string>;
  /** URL where the client downloads a file of the hub. */
  mediaUrl(id: string): string;
}

export class OpenPerson implements Person {
  private readonly seen = new Timeline();
  private readonly known = new Map<string, { native: string; name: string; state: string }>();

  /** The person's image in the hub; null: removed. */
  avatar: string | null | undefined;

  constructor(
    readonly native: string,
    public name: string,
    private readonly around: Surroundings,
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

  /** Shows an event of the hub to the person. */
  see(event: OpenEvent): void {
    const { id, name = id } = event.from;
    const state = event.kind === 'presence' ? (event.state ?? '') : (this.known.get(id)?.state ?? '');
    this.known.set(id, { native: id, name, state });
    const about = event.target ?? event.replyTo;
    const text = wordsOf(event);
    const shown = fileOf(event);
    this.seen.see({
      kind: kindOf(event),
      from: id,
      name,
      id: event.id,
      ...(text === undefined ? {} : { text }),
      ...(about ? { target: about } : {}),
      ...(event.state ? { state: event.state } : {}),
      ...(shown ? { state: shown.state, ...this.mediaOf(shown.file) } : {}),
      ...(event.place ? { place: placeOf(event.place) } : {}),
      ...(event.emoji ? { emoji: event.emoji } : {}),
      ...(event.delayedSince ? { since: event.delayedSince } : {}),
    });
  }

  /** Shows that the hub refused an act of the person. */
  fail(about: string, text: string): void {
    this.seen.see({ kind: 'failed', from: this.native, id: `${about}-failed`, target: about, text });
  }

  act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.tell({
          kind: 'message',
          to: act.to,
          text: act.text,
          format: act.format ?? 'plain',
          ...(act.quote ? { replyTo: act.quote } : {}),
        });
      case 'send':
        return this.send(act);
      case 'place':
        return this.tell({
          kind: 'message',
          to: act.to,
          place: {
            latitude: act.latitude,
            longitude: act.longitude,
            ...(act.name ? { label: act.name } : {}),
          },
        });
      case 'edit':
        return this.tell({ kind: 'edit', to: act.to, target: act.target, text: act.text });
      case 'recall':
        return this.tell({ kind: 'recall', to: act.to, target: act.target });
      case 'react':
        return this.tell({ kind: 'reaction', to: act.to, target: act.target, emoji: act.emoji });
      case 'read':
        return this.tell({ kind: 'read', to: act.to, target: act.target });
      case 'type':
        return this.tell({ kind: 'typing', to: act.to, state: act.on ? 'composing' : 'stopped' });
      case 'look':
        return this.look(act);
      case 'appear':
        return this.appear(act.state === 'online' ? 'available' : act.state, act.mood);
      case 'add':
        return this.contact(act.who, 'request', act.note);
      case 'answer':
        return this.contact(act.who, act.yes ? 'accept' : 'deny');
      case 'remove':
        return this.contact(act.who, 'remove');
      case 'call':
      case 'nudge':
        return Promise.reject(new NotHere(act.do, this.around.network));
    }
  }

  /** The network sends the new value with the person's next event. */
  private async look({ name, picture }: Extract<Act, { do: 'look' }>): Promise<{ id: string }> {
    this.name = name ?? this.name;
    if (picture === '') this.avatar = null;
    else if (picture !== undefined) this.avatar = (await this.upload(picture, {})).id;
    return { id: this.native };
  }

  private tell(event: Telling): Promise<{ id: string }> {
    return this.around.tell(this, event);
  }

  private async send({ to, what, fields, file }: Send): Promise<{ id: string }> {
    const uploaded = file === undefined ? {} : await this.upload(file, fields);
    return this.tell({ kind: 'message', to, ...sent(what, fields, uploaded) });
  }

  private async upload(path: string, fields: Record<string, string>): Promise<Partial<OpenMedia>> {
    const { name = basename(path) } = fields;
    const { type = mediaTypeOf(name) } = fields;
    return { id: await this.around.upload({ name, type, bytes: await readFile(path) }), type, name };
  }

  private mediaOf({ id, name, seconds }: OpenMedia): Pick<Sight, 'media'> {
    if (id === undefined) return {};
    const facts = { ...(name ? { name } : {}), ...(seconds === undefined ? {} : { seconds }) };
    return { media: { url: this.around.mediaUrl(id), ...facts } };
  }

  private contact(to: string, state: string, text?: string): Promise<{ id: string }> {
    return this.tell({ kind: 'contact', to, state, ...(text ? { text } : {}) });
  }

  /** Sent to all contacts of the person. */
  private async appear(state: string, text?: string): Promise<{ id: string }> {
    const told = await Promise.all(
      [...this.known.keys()].map((to) =>
        this.tell({ kind: 'presence', to, state, ...(text ? { text } : {}) }),
      ),
    );
    return told[0] ?? { id: '' };
  }
}

function placeOf({
  latitude,
  longitude,
  label,
}: NonNullable<OpenEvent['place']>): NonNullable<Sight['place']> {
  return { latitude, longitude, ...(label ? { name: label } : {}) };
}

function kindOf(event: OpenEvent): Sight['kind'] {
  const { kind, state = '', place, card } = event;
  if (place) return 'location';
  if (card) return 'card';
  if (fileOf(event)) return 'media';
  return (kind === 'contact' ? CONTACT[state] : KINDS[kind]) ?? 'text';
}

/** A sticker without a file is sent as text. */
function fileOf({ kind, media, sticker }: OpenEvent): { file: OpenMedia; state: string } | undefined {
  if (kind !== 'message') return undefined;
  if (media) return { file: media, state: familyOf(media) };
  return sticker?.id === undefined ? undefined : { file: sticker, state: 'sticker' };
}

function familyOf({ type, voice }: OpenMedia): string {
  const family = type.split('/')[0] ?? '';
  if (voice || family === 'audio') return 'voice';
  return family === 'image' || family === 'video' ? family : 'file';
}

function wordsOf({ text, place, card, sticker, code }: OpenEvent): string | undefined {
  const where = place && `${place.label ?? ''} ${place.latitude},${place.longitude}`.trim();
  const said = text ?? where ?? card?.name ?? sticker?.meaning;
  return said !== undefined && code !== undefined ? `${said} (${code})` : said;
}

/** @param uploaded the attachment in the hub */
function sent(
  what: Send['what'],
  fields: Record<string, string>,
  uploaded: Partial<OpenMedia>,
): Partial<OpenEvent> {
  const { name, meaning, seconds } = fields;
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
      return { sticker: { type: 'image/png', ...uploaded, ...(meaning ? { meaning } : {}) } };
    case 'link':
      return { text: fields['url'] ?? '' };
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
      return {
        media: {
          type: fields['type'] ?? mediaTypeOf(name ?? ''),
          ...(name ? { name } : {}),
          ...uploaded,
          ...(what === 'voice' ? { voice: true } : {}),
          ...(seconds ? { seconds: Number(seconds) } : {}),
        },
      };
  }
}
