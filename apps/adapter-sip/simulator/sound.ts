/** The sound of a call: a tone in PCMU over RTP (RFC 3550, RFC 3551), keys (RFC 4733), and a count of what comes. */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const HOST = '127.0.0.1';
const RATE = 8000;
const PACKET_MS = 20;
const SAMPLES = (RATE * PACKET_MS) / 1000;
const TONE_HZ = 425;
const LOUDNESS = 8000;
/** In dBm0 without its sign. */
const LOUDNESS_OF_KEYS = 10;
const HEAD_BYTES = 12;
/** Payload type of keys that we offer. */
const KEYS = 101;
const KEY_NAMES = '0123456789*#';
/** A key is pressed for so many packets; the last of them is sent three times (RFC 4733 §2.5.1.4). */
const PRESSED_PACKETS = 5;
const LAST_PACKETS = 3;

export interface Place {
  host: string;
  port: number;
  /** Payload type of keys; undefined: it takes none. */
  keys: number | undefined;
}

export class Sound {
  /** Packets of PCMU that came. */
  heard = 0;
  private readonly ssrc = randomBytes(4).readUInt32BE();
  private timer: NodeJS.Timeout | undefined;
  private place: Place | undefined;
  private sequence = 0;
  /** Of the sound, in packets. */
  private time = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (bytes) => {
      if (bytes.length > HEAD_BYTES && ((bytes[1] ?? 0) & 0x7f) === 0) this.heard++;
    });
    // Nobody listens at the other end: as with any other loss.
    socket.on('error', () => undefined);
  }

  static async open(): Promise<Sound> {
    const socket = createSocket('udp4');
    socket.bind(0, HOST);
    await once(socket, 'listening');
    return new Sound(socket);
  }

  /** Where it listens, as a session description (RFC 8866). @param keys payload type of keys; undefined: none */
  session(keys: number | undefined = KEYS): string {
    const { port } = this.socket.address();
    const lines = [
      'v=0',
      `o=- ${this.ssrc} 1 IN IP4 ${HOST}`,
      's=-',
      `c=IN IP4 ${HOST}`,
      't=0 0',
      `m=audio ${port} RTP/AVP ${['0', ...(keys === undefined ? [] : [keys])].join(' ')}`,
      'a=rtpmap:0 PCMU/8000',
      ...(keys === undefined ? [] : [`a=rtpmap:${keys} telephone-event/8000`, `a=fmtp:${keys} 0-11`]),
      'a=sendrecv',
    ];
    return lines.map((line) => `${line}\r\n`).join('');
  }

  play(place: Place): void {
    this.place = place;
    this.timer ??= setInterval(() => this.send(this.tone()), PACKET_MS);
  }

  /** @returns false: the other side takes no keys. @throws Error for what is no key */
  press(key: string): boolean {
    const event = KEY_NAMES.indexOf(key);
    if (key.length !== 1 || event < 0) throw new Error(`${key} is no key of a telephone`);
    const type = this.place?.keys;
    if (type === undefined) return false;
    // All packets of one key have the time at which it was pressed.
    const { time } = this;
    for (let at = 1; at <= PRESSED_PACKETS + LAST_PACKETS; at++) {
      const isLast = at > PRESSED_PACKETS;
      const packet = this.packet(at === 1 ? type | 0x80 : type, time, 4);
      packet[HEAD_BYTES] = event;
      packet[HEAD_BYTES + 1] = (isLast ? 0x80 : 0) | LOUDNESS_OF_KEYS;
      packet.writeUInt16BE(Math.min(at, PRESSED_PACKETS) * SAMPLES, HEAD_BYTES + 2);
      this.send(packet);
    }
    return true;
  }

  close(): void {
    clearInterval(this.timer);
    this.socket.close();
  }

  private send(packet: Buffer): void {
    if (this.place) this.socket.send(packet, this.place.port, this.place.host);
  }

  private tone(): Buffer {
    const packet = this.packet(0, this.time, SAMPLES);
    for (let at = 0; at < SAMPLES; at++) {
      const seconds = (this.time * SAMPLES + at) / RATE;
      packet[HEAD_BYTES + at] = muLaw(Math.sin(2 * Math.PI * TONE_HZ * seconds) * LOUDNESS);
    }
    this.time++;
    return packet;
  }

  private packet(type: number, time: number, bytes: number): Buffer {
    const packet = Buffer.alloc(HEAD_BYTES + bytes);
    packet[0] = 0x80;
    packet[1] = type;
    packet.writeUInt16BE(this.sequence++ & 0xffff, 2);
    packet.writeUInt32BE((time * SAMPLES) >>> 0, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    return packet;
  }
}

/** Where the other side listens. @returns undefined: it describes no sound that this phone has */
export function soundPlaceIn(session: string): Place | undefined {
  const [, port, formats = ''] = /^m=audio (\d+) RTP\/AVP((?: \d+)+)\s*$/m.exec(session) ?? [];
  const [, host] = /^c=IN IP4 (\S+)\s*$/m.exec(session) ?? [];
  const hasPcmu = formats.trim().split(' ').includes('0');
  if (host === undefined || !(Number(port) > 0) || !hasPcmu) return undefined;
  const [, keys] = /^a=rtpmap:(\d{1,3}) telephone-event\/8000\s*$/im.exec(session) ?? [];
  return { host, port: Number(port), keys: keys === undefined ? undefined : Number(keys) };
}

/** ITU-T G.711. @param sample of 16 bits */
function muLaw(sample: number): number {
  const biased = Math.min(Math.abs(Math.round(sample)), 32_635) + 132;
  const exponent = Math.floor(Math.log2(biased)) - 7;
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
