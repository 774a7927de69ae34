/**
 * Grants to read attachments. The switch adds one to each attachment when it addresses an event to a network; the media
 * service returns an object of another network only for a valid grant. Grants need no storage: each is an HMAC with a secret
 * of the hub.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  MediaGrant,
  mediaPlace,
  networkOf,
  type ExternalPart,
  type HubEvent,
  type MediaUrl,
  type Network,
  type Part,
  type Party,
} from '#protocol';

export class MediaGrants {
  /** @param secret shared by the hub's own processes */
  constructor(private readonly secret: Buffer) {}

  of(reader: Network, url: MediaUrl): MediaGrant {
    return MediaGrant.parse(this.digest(reader, url).toString('base64url'));
  }

  isValid(reader: Network, url: MediaUrl, grant: MediaGrant): boolean {
    return timingSafeEqual(Buffer.from(grant, 'base64url'), this.digest(reader, url));
  }

  /** The event with a grant for its destination on every attachment. What the sender wrote there is replaced. */
  granted<Event extends HubEvent>(event: Event, reader: Network): Event {
    const from = this.grantedParty(event.data.from, reader);
    const shown = from === event.data.from ? event : { ...event, data: { ...event.data, from } };
    if (shown.type !== 'im.hutong.message.v1') return shown;
    const { content } = shown.data;
    const body = this.grantedPart(content.body, reader);
    if (body === content.body) return shown;
    return { ...shown, data: { ...shown.data, content: { ...content, body } } };
  }

  /** The party with a grant on the avatar. An avatar that is not of the party's own network is left out. */
  grantedParty(party: Party, reader: Network): Party {
    const { avatar, ...others } = party;
    if (!avatar) return party;
    if (mediaPlace(avatar.url).network !== networkOf(party.address)) return others;
    return { ...others, avatar: { ...avatar, grant: this.of(reader, avatar.url) } };
  }

  private grantedPart<Kind extends Part>(part: Kind, reader: Network): Kind {
    if (part.kind === 'external') return this.grantedFile(part, reader) as Kind;
    if (part.kind !== 'multi' || !part.parts.some(({ kind }) => kind === 'external')) return part;
    return { ...part, parts: part.parts.map((leaf) => this.grantedPart(leaf, reader)) };
  }

  private grantedFile(part: ExternalPart, reader: Network): ExternalPart {
    return { ...part, grant: part.url === undefined ? undefined : this.of(reader, part.url) };
  }

  private digest(reader: Network, url: MediaUrl): Buffer {
    return createHmac('sha256', this.secret).update(`${reader} may read ${url}`).digest();
  }
}
