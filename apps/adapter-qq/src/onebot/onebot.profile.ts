/** QQ through a program that is logged in there and speaks OneBot 11 or 12. */
import type { Server } from 'node:http';
import {
  mediumAfterWords,
  type AttachTools,
  type Delivered,
  type Hub,
  type NativeProfile,
} from '#adapter-kit';
import {
  downloadError,
  hmacEdge,
  textRefusal,
  uploading,
  type BotWords,
  type SignedCallback,
} from '#adapter-webhook';
import { headerOf, readCallback, type Edge } from '#adapter-webhook';
import type { BotActor } from '#bot-contacts';
import { HubError, toHubError } from '#protocol';
import { secretsEqual, SettingsError, type Log } from '#service';
import { ONEBOT_11_CAPABILITIES, ONEBOT_12_CAPABILITIES } from '../qq.capabilities.js';
import type { QqSettings } from '../qq.config.js';
import type { QqMedium, QqProfile } from '../qq.profile.js';
import type { Action } from './dialect.js';
import { ONEBOT_11 } from './dialect11.js';
import { ONEBOT_12 } from './dialect12.js';
import { OneBotSocket } from './onebot.socket.js';
import { OneBotHttp, type Data, type OneBotWire } from './onebot.wire.js';

const BOUNDS = { depth: 16, values: 20_000 };
const MAX_EVENT = 1024 * 1024;

export class OneBotProfile implements QqProfile {
  readonly capabilities;
  readonly isCalled: boolean;
  readonly edge: Edge<unknown>;
  private readonly dialect;
  private readonly wire: OneBotWire;
  private hub!: Hub;

  /** @throws SettingsError for a door that would be open to all */
  constructor(settings: QqSettings, log: Log) {
    const { QQ_PROFILE: profile, QQ_TRANSPORT: transport, QQ_TOKEN: token, QQ_SECRET: secret } = settings;
    const is12 = profile === 'onebot12';
    if (!token && (transport === 'reverse-ws' || (transport === 'http' && is12)))
      throw new SettingsError('QQ_TOKEN: needed, because the OneBot program connects to the adapter');
    if (!secret && transport === 'http' && !is12)
      throw new SettingsError('QQ_SECRET: needed, because the OneBot program calls the adapter');
    this.capabilities = is12 ? ONEBOT_12_CAPABILITIES : ONEBOT_11_CAPABILITIES;
    this.dialect = is12 ? ONEBOT_12 : ONEBOT_11;
    this.isCalled = transport === 'http';
    this.wire = this.isCalled ? new OneBotHttp(settings) : new OneBotSocket(settings, this.dialect.who, log);
    this.edge = is12 ? bearerEdge(token) : signatureEdge(secret);
  }

  get nativeId() {
    return this.dialect.nativeId;
  }

  get http() {
    return this.wire.http;
  }

  start(hub: Hub, take: (input: SignedCallback) => Promise<void>): void {
    this.hub = hub;
    this.wire.start(take);
  }

  stop(): Promise<void> {
    return this.wire.stop();
  }

  attach(server: Server, tools: Pick<AttachTools, 'refusals' | 'proofs'>): void {
    this.wire.attach?.(server, tools);
  }

  /** No quick operation. */
  acknowledge(): undefined {
    return undefined;
  }

  check(): Promise<unknown> {
    return this.wire.call(this.dialect.who, {});
  }

  read(json: unknown) {
    return this.dialect.read(json);
  }

  send({ to, text, key, target, uncertain }: BotWords): Promise<Delivered> {
    const words = this.dialect.words(text, target?.conversation);
    return this.hub.atMostOnce(key, () => this.say(to, words), uncertain);
  }

  /** A picture has its words with it; a voice note and a video are messages of their own on QQ. */
  async sendMedium({ to, text, key, target, uncertain, medium }: QqMedium): Promise<Delivered> {
    const segment = await uploading(this.dialect.medium(this.wire, medium));
    const words = this.dialect.words(text, target?.conversation);
    const once = (under: string, segments: object[]) =>
      this.hub.atMostOnce(under, () => this.say(to, segments), uncertain);
    if (medium.as === 'image') return once(key, [...words, segment]);
    const said = await once(`${key}-line`, words);
    return mediumAfterWords(said, await once(key, [segment]));
  }

  async answer({ from, replyToken }: BotActor, text: string): Promise<Delivered> {
    const accepting = replyToken === undefined ? undefined : this.dialect.accept?.(replyToken);
    if (!accepting) return this.say(from, this.dialect.words(text, undefined));
    await this.call(accepting);
    return { native: [] };
  }

  recall(_to: string, native: string): Promise<unknown> {
    return this.call(this.dialect.recall(native));
  }

  async lookUp(native: string): Promise<NativeProfile> {
    return { displayName: (await this.dialect.lookUp(this.wire, native)) ?? null };
  }

  async open(source: Record<string, string>, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    if (source['url'] !== undefined) return this.hub.attachments.download(source['url'], signal);
    const { url, base64 } = await this.dialect.locate(this.wire, source).catch((thrown: unknown) => {
      throw downloadError(toHubError(thrown));
    });
    if (typeof base64 === 'string' && base64 !== '') return chunks(Buffer.from(base64, 'base64'));
    if (typeof url !== 'string') throw new HubError('107', 'QQ: the attachment has no address');
    return this.hub.attachments.download(url, signal);
  }

  private async say(to: string, segments: object[]): Promise<Delivered> {
    const { message_id: id } = await this.call(this.dialect.message(to, segments));
    if (typeof id !== 'number' && typeof id !== 'string') return { native: [] };
    return { native: [String(id)], conversation: String(id) };
  }

  private call([action, params]: Action): Promise<Data> {
    return this.wire.call(action, params);
  }
}

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** OneBot 11: the HMAC covers the body and no time; what is said again has the same ids. */
function signatureEdge(secret: string | undefined): Edge<unknown> {
  const edge = hmacEdge<unknown>({
    header: 'x-signature',
    encoding: 'hex',
    algorithm: 'sha1',
    prefix: 'sha1=',
    secretOf: () => secret ?? '',
    maxBody: MAX_EVENT,
    bounds: BOUNDS,
  });
  return secret === undefined ? closed(edge) : edge;
}

/** OneBot 12. */
function bearerEdge(token: string | undefined): Edge<unknown> {
  const edge: Edge<unknown> = {
    maxBody: MAX_EVENT,
    form(request) {
      if (!secretsEqual(headerOf(request, 'authorization'), `Bearer ${token ?? ''}`))
        throw new HubError('31', 'a wrong access token');
    },
    proof: () => undefined,
    parse: (body) => readCallback(body, BOUNDS),
    refusal: textRefusal,
  };
  return token === undefined ? closed(edge) : edge;
}

function closed(edge: Edge<unknown>): Edge<unknown> {
  return {
    ...edge,
    form() {
      throw new HubError('31', 'no secret is set for calls');
    },
  };
}
