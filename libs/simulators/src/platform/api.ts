/** The platform's API for accounts, path by path. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './codes.js';
import type { Faults } from './faults.js';
import { json, type Answer, type Incoming, type Outgoing } from './http.js';
import type { Operation, PlatformKind } from './kind.js';
import type { Media, MediaStore } from './media-store.js';
import type { PlatformPerson } from './platform-person.js';
import type { Sending } from './sending.js';
import type { Tokens } from './tokens.js';

export interface ApiParts {
  kind: PlatformKind;
  appId: string;
  secret: string;
  agentId: string | undefined;
  tokens: Tokens;
  media: MediaStore;
  sending: Sending;
  faults: Faults;
  find(native: string): PlatformPerson | undefined;
  people(): PlatformPerson[];
  mediaUrl(media: Media): string;
}

type Body = Record<string, unknown>;
type Work = (call: Incoming) => Promise<Outgoing> | Outgoing;

export class Api {
  constructor(private readonly parts: ApiParts) {}

  async answer(call: Incoming): Promise<Outgoing> {
    const operation = this.parts.kind.paths[call.path];
    if (!operation) return { status: 404, type: 'text/plain', body: 'no such path' };
    try {
      if (operation !== 'token' && operation !== 'stable-token') {
        this.parts.tokens.check(call.query.get('access_token'));
      }
      return await this.work[operation](call);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return json({ errcode: error.errcode, errmsg: error.message });
    }
  }

  private readonly work: Record<Operation, Work> = {
    token: ({ query }) => this.token(query),
    'stable-token': ({ body }) => this.stableToken(readJson(body)),
    'send-to-one': (call) => this.send(call, (body) => this.parts.sending.toOne(body)),
    'send-to-members': (call) => this.send(call, (body) => this.parts.sending.toMembers(body)),
    typing: ({ body }) => done(this.parts.sending.typing(readJson(body))),
    recall: ({ body }) => done(this.parts.sending.recall(readJson(body))),
    upload: (call) => this.upload(call),
    download: ({ query }) => this.download(query.get('media_id') ?? ''),
    follower: ({ query }) => this.follower(query.get('openid') ?? ''),
    followers: () => this.followers(),
    member: ({ query }) => this.member(query.get('userid') ?? ''),
    agent: ({ query }) => this.agent(query.get('agentid') ?? ''),
    'callback-ips': () => done({ ip_list: ['127.0.0.1'] }),
    'service-accounts': () => done({ kf_list: [] }),
    nothing: () => done({}),
  };

  private token(query: URLSearchParams): Outgoing {
    if (this.parts.kind.dialect === 'company') {
      this.checkSecret(query.get('corpid'), query.get('corpsecret'));
      return done(this.parts.tokens.kept());
    }
    if (query.get('grant_type') !== 'client_credential') throw new ApiError(40002);
    this.checkSecret(query.get('appid'), query.get('secret'));
    return json(this.parts.tokens.fresh());
  }

  private stableToken(body: Body): Outgoing {
    if (body['grant_type'] !== 'client_credential') throw new ApiError(40002);
    this.checkSecret(body['appid'], body['secret']);
    return json(this.parts.tokens.stable(body['force_refresh'] === true));
  }

  private checkSecret(appId: unknown, secret: unknown): void {
    const { codes } = this.parts.kind;
    if (appId !== this.parts.appId) throw new ApiError(codes.wrongAppId);
    if (secret !== this.parts.secret) throw new ApiError(codes.wrongSecret);
  }

  /** Applies all faults of sending in one place, so that they are the same on all platforms. */
  private async send(call: Incoming, take: (body: Body) => Body): Promise<Outgoing> {
    const { faults } = this.parts;
    const silence = faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const refusal = faults.takeRefusal();
    if (refusal !== undefined) throw new ApiError(refusal);
    const answer = done(take(readJson(call.body)));
    await sleep(faults.takeDelay(), undefined, { ref: false });
    return silence === 'taken' ? 'hang-up' : answer;
  }

  private async upload(call: Incoming): Promise<Outgoing> {
    const type = call.query.get('type') ?? '';
    const media = await this.parts.media.upload(type, call.header('content-type'), call.body);
    const created = Math.floor(media.createdAt / 1000);
    if (this.parts.kind.dialect === 'company') {
      return done({ type, media_id: media.id, created_at: String(created) });
    }
    return json({ type, [type === 'thumb' ? 'thumb_media_id' : 'media_id']: media.id, created_at: created });
  }

  private download(id: string): Outgoing {
    const media = this.parts.media.get(id);
    if (media.type === 'video' && this.parts.kind.dialect !== 'company') {
      return json({ video_url: this.parts.mediaUrl(media) });
    }
    return downloadOf(media, this.parts.faults);
  }

  private follower(openid: string): Outgoing {
    const person = this.parts.find(openid);
    if (!person) throw new ApiError(40003);
    if (!person.follows) return json({ subscribe: 0, openid });
    return json({
      subscribe: 1,
      openid,
      nickname: person.name,
      headimgurl: person.headimgurl,
      language: 'zh_CN',
    });
  }

  private followers(): Outgoing {
    const openid = this.parts.people().flatMap((person) => (person.follows ? [person.native] : []));
    return json({ total: openid.length, count: openid.length, data: { openid }, next_openid: '' });
  }

  private member(userid: string): Outgoing {
    const person = this.parts.find(userid);
    if (!person) throw new ApiError(60111);
    return done({ userid: person.native, name: person.name, avatar: person.headimgurl, status: 1 });
  }

  private agent(agentid: string): Outgoing {
    if (agentid !== this.parts.agentId) throw new ApiError(40056);
    return done({ agentid: Number(agentid), name: 'app', square_logo_url: '' });
  }
}

export function fileOf(media: Media): Answer {
  const headers = { 'content-disposition': `attachment; filename="${encodeURIComponent(media.filename)}"` };
  return { status: 200, type: media.contentType, body: media.bytes, headers };
}

/** Download by the account, with faults. Downloads by clients of people have none. */
export function downloadOf(media: Media, faults: Faults): Outgoing {
  const trouble = faults.takeTrouble();
  if (trouble === 'fails') return { status: 500, type: 'text/plain', body: 'system error' };
  const file = fileOf(media);
  return trouble === 'breaks-off' ? { ...file, breaksOff: true } : file;
}

function done(body: Body): Outgoing {
  return json({ errcode: 0, errmsg: 'ok', ...body });
}

function readJson(body: Buffer): Body {
  if (body.length === 0) throw new ApiError(44002);
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new ApiError(47001);
  }
  if (typeof value === 'object' && value !== null) return value as Body;
  throw new ApiError(47001);
}
