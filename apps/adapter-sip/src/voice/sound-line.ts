/**
 * Our end of the sound of a call: plays PCMU as RTP (RFC 3550, RFC 3551), and hears keys as telephone events (RFC 4733). Takes
 * packets only from the host that the other end has named.
 */
import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import { sleep } from '#service';
import { linesOf, sectionsOf } from '../calls/session-description.js';

const PCMU = 0;
const KEYS = 101;
const HEAD_BYTES = 12;
/** 20 ms. */
const SAMPLES = 160;
const EVERY_MS = 20;
/** After a pause of the process, so many packets at most are sent at once. */
const MOST_AT_ONCE = 10;
/** Events of the keys 0 to 9, * and # (RFC 4733 §3.2). */
const KEY_NAMES = '0123456789*#';

interface Place {
  host: string;
  port: number;
}

export class SoundLine {
  private place: Place | undefined;
  private readonly closed = new AbortController();
  private sequence = randomInt(0x10000);
  private timestamp = randomInt(0x1_0000_0000);
  private readonly source = randomInt(0x1_0000_0000);

  private constructor(
    private readonly socket: Socket,
    private readonly address: string,
    pressed: (key: string) => void,
  ) {
    socket.on('message', (packet, from) => {
      const key = this.keyIn(packet, from);
      if (key !== undefined) pressed(key);
    });
    // A port that is closed over there answers with an ICMP error: the signalling says how the call ends.
    socket.on('error', () => undefined);
  }

  /** @param address IPv4, at which the other end reaches us. @param pressed may be called several times for one key */
  static async open(address: string, pressed: (key: string) => void): Promise<SoundLine> {
    const socket = createSocket('udp4');
    socket.bind(0);
    await once(socket, 'listening');
    return new SoundLine(socket, address, pressed);
  }

  get isClosed(): boolean {
    return this.closed.signal.aborted;
  }

  get offer(): string {
    const { port } = this.socket.address();
    return [
      'v=0',
      `o=- ${this.source} 1 IN IP4 ${this.address}`,
      's=-',
      `c=IN IP4 ${this.address}`,
      't=0 0',
      `m=audio ${port} RTP/AVP ${PCMU} ${KEYS}`,
      `a=rtpmap:${PCMU} PCMU/8000`,
      `a=rtpmap:${KEYS} telephone-event/8000`,
      `a=fmtp:${KEYS} 0-11`,
      'a=ptime:20',
      'a=sendrecv',
      '',
    ].join('\r\n');
  }

  /** @param answer session description of the other end. @returns false: it has no place for PCMU */
  connect(answer: string): boolean {
    this.place = placeIn(answer);
    return this.place !== undefined;
  }

  /** Resolves when the whole sound is sent, or the line is closed. */
  async play(sound: Buffer): Promise<void> {
    const begun = performance.now();
    let sent = 0;
    while (sent * SAMPLES < sound.length && !this.closed.signal.aborted) {
      const due = Math.floor((performance.now() - begun) / EVERY_MS) + 1;
      for (let burst = 0; sent < due && burst < MOST_AT_ONCE && sent * SAMPLES < sound.length; burst++)
        this.send(sound.subarray(sent * SAMPLES, ++sent * SAMPLES), sent === 1);
      await sleep(EVERY_MS, this.closed.signal);
    }
  }

  close(): void {
    this.closed.abort();
    this.socket.close();
  }

  private send(sound: Buffer, isFirst: boolean): void {
    if (!this.place) return;
    const packet = Buffer.alloc(HEAD_BYTES + SAMPLES, 0xff);
    packet[0] = 0x80;
    packet[1] = PCMU | (isFirst ? 0x80 : 0);
    packet.writeUInt16BE(this.sequence, 2);
    packet.writeUInt32BE(this.timestamp, 4);
    packet.writeUInt32BE(this.source, 8);
    sound.copy(packet, HEAD_BYTES);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + SAMPLES) >>> 0;
    this.socket.send(packet, this.place.port, this.place.host);
  }

  private keyIn(packet: Buffer, { address }: RemoteInfo): string | undefined {
    if (address !== this.place?.host || packet.length < HEAD_BYTES + 4) return undefined;
    const [first = 0, second = 0] = packet;
    if (first >> 6 !== 2 || (second & 0x7f) !== KEYS) return undefined;
    const head = HEAD_BYTES + 4 * (first & 0x0f);
    const event = packet[head];
    return event === undefined ? undefined : KEY_NAMES[event];
  }
}

/** @returns undefined: sound of this kind cannot be sent there */
function placeIn(answer: string): Place | undefined {
  const section = sectionsOf(linesOf(answer))?.find(({ kind }) => kind === 'audio');
  if (!section || section.protocol !== 'RTP/AVP' || !section.formats.includes(String(PCMU))) return undefined;
  const { host, port } = section;
  return port > 0 && isIPv4(host) ? { host, port } : undefined;
}
