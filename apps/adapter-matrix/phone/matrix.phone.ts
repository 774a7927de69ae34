/** An ordinary Matrix client over the plain client API: syncs, accepts invitations, sends with transaction ids. */
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { Shown, type Attachment, type LocalRooms, type Phone, type Seen } from '#phones';
import { HomeserverApi } from './matrix.homeserver-api.js';
import { readEvent, type Event, type Json } from './matrix.reading.js';

type Place = Parameters<Phone['sendPlace']>[1];

/** A stable room version that every homeserver knows. */
const UPGRADED_TO = '10';
interface Sync {
  next_batch: string;
  rooms?: {
    join?: Record<
      string,
      {
        timeline?: { events: Event[]; limited?: boolean; prev_batch?: string };
        state?: { events: Event[] };
        ephemeral?: { events: Event[] };
      }
    >;
    invite?: Record<string, { invite_state?: { events: Event[] } }>;
  };
  presence?: { events: (Event & { content: { presence: string; status_msg?: string } })[] };
}

export class MatrixPhone implements Phone {
  private readonly shown = new Shown();
  readonly timeline = this.shown.entries;
  readonly onSeen = this.shown.watch;
  /** Invitations are accepted without asking. */
  accepts = true;
  private readonly roomsOfPeers = new Map<string, string>();
  private readonly seenEvents = new Set<string>();
  /** By event. */
  private readonly roomsOfEvents = new Map<string, string>();
  private since: string | undefined;
  private presence: 'online' | 'unavailable' = 'online';
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly api: HomeserverApi,
    readonly native: string,
  ) {}

  static async dial(baseUrl: string, native: string, password: string): Promise<MatrixPhone> {
    const phone = new MatrixPhone(await HomeserverApi.logIn(baseUrl, native, password), native);
    await phone.syncOnce(0);
    phone.running = phone.keepSyncing();
    return phone;
  }

  /** The room of a conversation that has begun. */
  knownRoom(peer: string): string {
    return this.roomsOfPeers.get(peer) ?? '';
  }

  /** The direct room with a ghost, made by inviting it if there is none. */
  async roomWith(peer: string): Promise<string> {
    const known = this.roomsOfPeers.get(peer);
    if (known) return known;
    // As Element does it: both have the same power.
    return this.openRoom(peer, 'trusted_private_chat');
  }

  private async openRoom(peer: string, preset: string): Promise<string> {
    const made = { preset, is_direct: true, invite: [peer] };
    const { room_id: room } = await this.call<{ room_id: string }>('POST', '/createRoom', made);
    this.roomsOfPeers.set(peer, room);
    return room;
  }

  write(peer: string, text: string): Promise<string> {
    return this.send(peer, 'm.room.message', { msgtype: 'm.text', body: text });
  }

  writeHtml(peer: string, body: string, html: string): Promise<string> {
    return this.send(peer, 'm.room.message', {
      msgtype: 'm.text',
      body,
      format: 'org.matrix.custom.html',
      formatted_body: html,
    });
  }

  async sendFile(peer: string, { path, name, type, kind, seconds }: Attachment): Promise<string> {
    const { size } = await openAsBlob(path, { type });
    const url = await this.api.upload(path, name, type);
    const voice = {
      'org.matrix.msc3245.voice': {},
      'org.matrix.msc1767.audio': { duration: (seconds ?? 0) * 1000 },
    };
    return this.send(peer, 'm.room.message', {
      msgtype: kind === 'voice' ? 'm.audio' : `m.${kind}`,
      body: name,
      url,
      info: { mimetype: type, size, ...(seconds ? { duration: seconds * 1000 } : {}) },
      ...(kind === 'voice' ? voice : {}),
    });
  }

  sendPlace(peer: string, { latitude, longitude, label }: Place): Promise<string> {
    return this.send(peer, 'm.room.message', {
      msgtype: 'm.location',
      body: label,
      geo_uri: `geo:${latitude},${longitude}`,
    });
  }

  /** A poll. */
  async sendOddity(peer: string, word: string): Promise<{ words: string }> {
    const answers = ['yes', 'no'].map((text) => ({ id: text, 'org.matrix.msc1767.text': text }));
    await this.send(peer, 'org.matrix.msc3381.poll.start', {
      'org.matrix.msc3381.poll.start': {
        kind: 'org.matrix.msc3381.poll.disclosed',
        max_selections: 1,
        question: { 'org.matrix.msc1767.text': word },
        answers,
      },
    });
    return { words: word };
  }

  fetch({ media }: Seen, mostBytes?: number): Promise<Buffer> {
    return this.api.download(media?.url ?? '', mostBytes);
  }

  async rename(displayname: string): Promise<void> {
    await this.call('PUT', `/profile/${encodeURIComponent(this.native)}/displayname`, { displayname });
  }

  async look(picture: string): Promise<void> {
    const url = picture === '' ? '' : await this.api.upload(picture, 'avatar.png', 'image/png');
    await this.call('PUT', `/profile/${encodeURIComponent(this.native)}/avatar_url`, { avatar_url: url });
  }

  async shownName(peer: string): Promise<string | undefined> {
    return (await this.profileOf(peer)).displayname;
  }

  async shownAvatar(peer: string): Promise<Buffer | undefined> {
    const { avatar_url: url } = await this.profileOf(peer);
    return url ? this.fetch({ kind: 'media', from: peer, id: '', media: { url } }) : undefined;
  }

  private profileOf(peer: string): Promise<{ displayname?: string; avatar_url?: string }> {
    return this.call('GET', `/profile/${encodeURIComponent(peer)}`);
  }

  ring(peer: string): Promise<string> {
    const offer = { type: 'offer', sdp: 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n' };
    const call = { call_id: randomUUID(), party_id: 'phone', version: '1', lifetime: 60_000, offer };
    return this.send(peer, 'm.call.invite', call);
  }

  reply(peer: string, to: string, text: string): Promise<string> {
    return this.send(peer, 'm.room.message', {
      msgtype: 'm.text',
      body: text,
      'm.relates_to': { 'm.in_reply_to': { event_id: to } },
    });
  }

  async edit(peer: string, target: string, text: string): Promise<void> {
    const fresh = { msgtype: 'm.text', body: text };
    await this.send(peer, 'm.room.message', {
      ...fresh,
      body: `* ${text}`,
      'm.new_content': fresh,
      'm.relates_to': { rel_type: 'm.replace', event_id: target },
    });
  }

  async recall(peer: string, target: string): Promise<void> {
    const room = await this.roomWith(peer);
    await this.call(
      'PUT',
      `/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(target)}/${randomUUID()}`,
      {},
    );
  }

  async react(peer: string, target: string, [emoji = '👍']: string[]): Promise<void> {
    await this.send(peer, 'm.reaction', {
      'm.relates_to': { rel_type: 'm.annotation', event_id: target, key: emoji },
    });
  }

  async markRead(peer: string, target: string): Promise<void> {
    const room = await this.roomWith(peer);
    await this.call(
      'POST',
      `/rooms/${encodeURIComponent(room)}/receipt/m.read/${encodeURIComponent(target)}`,
      {},
    );
  }

  async type(peer: string, on: boolean): Promise<void> {
    const room = await this.roomWith(peer);
    await this.call(
      'PUT',
      `/rooms/${encodeURIComponent(room)}/typing/${encodeURIComponent(this.native)}`,
      on ? { typing: true, timeout: 20_000 } : { typing: false },
    );
  }

  async appear(state: 'available' | 'away', status?: string): Promise<void> {
    this.presence = state === 'available' ? 'online' : 'unavailable';
    await this.call('PUT', `/presence/${encodeURIComponent(this.native)}/status`, {
      presence: this.presence,
      ...(status ? { status_msg: status } : {}),
    });
  }

  async hangUp(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /** The person sends with a transaction id, and so may try again after any failure without doubling. */
  async send(peer: string, type: string, content: Json): Promise<string> {
    const room = await this.roomWith(peer);
    const path = `/rooms/${encodeURIComponent(room)}/send/${type}/${randomUUID()}`;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.call<{ event_id: string }>('PUT', path, content)).event_id;
      } catch (error) {
        if (attempt >= 100 || !(error as Error).message.startsWith('no answer')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  }

  call<T = Json>(method: string, path: string, body?: Json, timeoutMs?: number): Promise<T> {
    return this.api.call<T>(method, path, body, timeoutMs);
  }

  private async keepSyncing(): Promise<void> {
    while (!this.stopped) {
      await this.syncOnce(1000).catch(() => new Promise((resolve) => setTimeout(resolve, 300)));
    }
  }

  private async syncOnce(timeout: number): Promise<void> {
    const filter = JSON.stringify({ room: { timeline: { limit: 5000 } } });
    const query = new URLSearchParams({
      timeout: String(timeout),
      filter,
      // Without it, the server takes the person for online whenever their client asks for news.
      set_presence: this.presence,
      ...(this.since ? { since: this.since } : {}),
    });
    const sync = await this.call<Sync>('GET', `/sync?${query.toString()}`);
    for (const [room, { invite_state: state }] of Object.entries(sync.rooms?.invite ?? {}))
      await this.invited(room, state?.events ?? []);
    for (const [room, { timeline, state, ephemeral }] of Object.entries(sync.rooms?.join ?? {})) {
      for (const event of [...(state?.events ?? []), ...(timeline?.events ?? [])])
        this.noteMember(room, event);
      if (timeline?.limited && this.since) await this.fillGap(room, timeline.prev_batch ?? '');
      for (const event of timeline?.events ?? []) this.show(room, event);
      for (const event of ephemeral?.events ?? []) this.showEphemeral(event);
    }
    for (const { sender, content } of sync.presence?.events ?? []) {
      if (sender !== this.native)
        this.shown.add({
          kind: 'presence',
          from: sender,
          id: '',
          state: content.presence,
          text: content.status_msg ?? '',
        });
    }
    this.since = sync.next_batch;
  }

  /** A sync shows only the newest events; what lies between is fetched, newest first, until something known. */
  private async fillGap(room: string, from: string): Promise<void> {
    const missed: Event[] = [];
    for (let token = from; token !== '';) {
      const page = await this.call<{ chunk: Event[]; end?: string }>(
        'GET',
        `/rooms/${encodeURIComponent(room)}/messages?dir=b&limit=500&from=${encodeURIComponent(token)}`,
      );
      const known = page.chunk.findIndex(({ event_id: id }) => this.seenEvents.has(id));
      missed.push(...(known < 0 ? page.chunk : page.chunk.slice(0, known)));
      token = known < 0 && page.chunk.length > 0 ? (page.end ?? '') : '';
    }
    for (const event of missed.reverse()) this.show(room, event);
  }

  holdInvitations(): void {
    this.accepts = false;
  }

  async answerInvitation({ id: room, from }: Seen, accept: boolean): Promise<void> {
    this.accepts = true;
    if (accept) this.roomsOfPeers.set(from, room);
    await this.call('POST', `/rooms/${encodeURIComponent(room)}/${accept ? 'join' : 'leave'}`, {});
  }

  readonly rooms: LocalRooms = {
    roomOf: ({ id }) => this.roomsOfEvents.get(id),
    open: async (peer) => void (await this.openRoom(peer, 'private_chat')),
    kick: (peer) => this.inRoomOf(peer, 'kick', { user_id: peer }),
    invite: (peer) => this.inRoomOf(peer, 'invite', { user_id: peer }),
    leave: async (peer) => {
      await this.inRoomOf(peer, 'leave', {});
      this.seenEvents.delete(`invite ${this.knownRoom(peer)}`);
    },
    upgrade: async (peer) => {
      const path = `/rooms/${encodeURIComponent(this.knownRoom(peer))}/upgrade`;
      const { replacement_room: room } = await this.call<{ replacement_room: string }>('POST', path, {
        new_version: UPGRADED_TO,
      });
      this.roomsOfPeers.set(peer, room);
      await this.inRoomOf(peer, 'invite', { user_id: peer });
      return room;
    },
  };

  private async inRoomOf(peer: string, action: string, body: Json): Promise<void> {
    await this.call('POST', `/rooms/${encodeURIComponent(this.knownRoom(peer))}/${action}`, body);
  }

  private async invited(room: string, state: Event[]): Promise<void> {
    const member = state.find(({ type, state_key: key }) => type === 'm.room.member' && key === this.native);
    if (!member || this.seenEvents.has(`invite ${room}`)) return;
    this.seenEvents.add(`invite ${room}`);
    this.shown.add({ kind: 'invited', from: member.sender, id: room });
    if (!this.accepts) return;
    this.roomsOfPeers.set(member.sender, room);
    await this.call('POST', `/join/${encodeURIComponent(room)}`, {});
  }

  /** Which room is whose, also after this phone was switched off. */
  private noteMember(room: string, { type, state_key: key, content }: Event): void {
    if (
      type === 'm.room.member' &&
      key !== undefined &&
      key !== this.native &&
      content['membership'] === 'join' &&
      !this.roomsOfPeers.has(key)
    )
      this.roomsOfPeers.set(key, room);
  }

  private show(room: string, event: Event): void {
    if (event.sender === this.native || this.seenEvents.has(event.event_id)) return;
    this.seenEvents.add(event.event_id);
    this.roomsOfEvents.set(event.event_id, room);
    const seen = readEvent(event, room);
    if (seen) this.shown.add(seen);
  }

  private showEphemeral({ type, content }: Event): void {
    if (type === 'm.typing') {
      for (const user of content['user_ids'] as string[])
        if (user !== this.native) this.shown.add({ kind: 'typing', from: user, id: '', state: 'composing' });
    }
    if (type !== 'm.receipt') return;
    for (const [target, kinds] of Object.entries(content as Record<string, Record<string, Json>>)) {
      for (const user of Object.keys(kinds['m.read'] ?? {}))
        if (user !== this.native) this.shown.add({ kind: 'read', from: user, id: '', target });
    }
  }
}
