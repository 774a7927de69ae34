/** Calls to the iLink API and to its store for attachments. */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { OutgoingAttachment } from '#adapter-kit';
import { answerBytes, PlatformHttp, uploading } from '#adapter-webhook';
import { HubError } from '#protocol';
import { UPLOAD_TYPE, type Uploaded } from './from-canonical.js';
import { encrypted } from './media-cipher.js';
import type { WeixinSettings } from './weixin.config.js';
import { weixinError } from './weixin.errors.js';

const Text = z.string().optional().catch(undefined);
const Code = z.number().catch(0).default(0);
/** What is read of the answers of all calls. */
const Answer = z.looseObject({
  ret: Code,
  errcode: Code,
  errmsg: z.string().catch(''),
  message_id: z.coerce.string().optional().catch(undefined),
  msgs: z.array(z.unknown()).catch([]),
  get_updates_buf: Text,
  longpolling_timeout_ms: z.number().min(1000).max(120_000).optional().catch(undefined),
  typing_ticket: Text,
  upload_param: Text,
  upload_full_url: Text,
  qrcode: Text,
  qrcode_img_content: Text,
  status: Text,
  bot_token: Text,
  ilink_bot_id: Text,
  ilink_user_id: Text,
  baseurl: Text,
  redirect_host: Text,
});
export type WeixinAnswer = z.infer<typeof Answer>;

/** Where and as whom a call is made. */
export interface Access {
  api: string;
  token: string;
}

const CALL_MS = 15_000;
const UPLOAD_MS = 120_000;
/** The client's time limit of a poll; the server answers before it. */
export const POLL_MS = 35_000;

export class WeixinClient {
  readonly http = new PlatformHttp('WeChat');
  private readonly headers: Record<string, string>;
  private readonly base_info: object;

  constructor(private readonly settings: WeixinSettings) {
    const [major = 0, minor = 0, patch = 0] = settings.WEIXIN_VERSION.split('.').map(Number);
    const version = String((major << 16) | (minor << 8) | patch);
    this.headers = { 'iLink-App-Id': 'bot', 'iLink-App-ClientVersion': version };
    this.base_info = { channel_version: settings.WEIXIN_VERSION, bot_agent: 'Hutong/1.0' };
  }

  /** Any answer shows that WeChat is there: no call asks for that. */
  async check(): Promise<void> {
    const reached = (response: Response) => Promise.resolve(response.status < 500);
    this.http.reachable = await this.http.askAgain(this.settings.WEIXIN_API_URL, {}, reached);
  }

  /** @throws HubError of the refusal; 91 when there was no answer: every call may be repeated */
  call(name: string, { api, token }: Access, body: object, timeoutMs = CALL_MS): Promise<WeixinAnswer> {
    const init = this.post(token, { ...body, base_info: this.base_info });
    return this.http.askAgain(`${api}/ilink/bot/${name}`, init, taken, timeoutMs);
  }

  /** @returns undefined when nothing came. @throws HubError 103: no answer, otherwise as `call` */
  async updates({ api, token }: Access, cursor: string, waitMs: number, stop: AbortSignal) {
    const body = { get_updates_buf: cursor, base_info: this.base_info };
    const signal = AbortSignal.any([stop, AbortSignal.timeout(waitMs)]);
    const init = { ...this.post(token, body), signal };
    return this.http.ask(`${api}/ilink/bot/getupdates`, init, async (response) =>
      // COMPAT(gateways before iLink, 2026): they cut an idle poll.
      response.status === 524 ? undefined : taken(response),
    );
  }

  /** @param known tokens of this hub, newest first: WeChat then recognises who is paired already */
  qrCode(known: string[]): Promise<WeixinAnswer> {
    const url = `${this.settings.WEIXIN_QR_URL}/ilink/bot/get_bot_qrcode?bot_type=3`;
    return this.http.askAgain(url, this.post(undefined, { local_token_list: known }), taken, CALL_MS);
  }

  qrStatus(base: string, qrcode: string, code: string | undefined, stop: AbortSignal): Promise<WeixinAnswer> {
    const query = new URLSearchParams({ qrcode, ...(code === undefined ? {} : { verify_code: code }) });
    const signal = AbortSignal.any([stop, AbortSignal.timeout(POLL_MS)]);
    const init = { headers: this.headers, signal };
    return this.http.ask(`${base}/ilink/bot/get_qrcode_status?${query.toString()}`, init, taken);
  }

  /** @throws HubError 105 or 106 when it is refused; 101, 102, 91, 65 */
  async upload(access: Access, to: string, { file, as }: OutgoingAttachment): Promise<Uploaded> {
    const [content, key, filekey] = [await file.bytes(), randomBytes(16), randomBytes(16).toString('hex')];
    const secret = new Uint8Array(encrypted(content, key));
    const about = {
      filekey,
      media_type: UPLOAD_TYPE[as],
      to_user_id: to,
      rawsize: content.length,
      rawfilemd5: createHash('md5').update(content).digest('hex'),
      filesize: secret.length,
      no_need_thumb: true,
      aeskey: key.toString('hex'),
    };
    const place = await uploading(this.stored(access, about, secret));
    const sizes = { plainBytes: content.length, cipherBytes: secret.length };
    return { as, filename: file.filename, key, place, ...sizes };
  }

  /** @returns where the store has it */
  private async stored(
    access: Access,
    about: { filekey: string },
    secret: Uint8Array<ArrayBuffer>,
  ): Promise<string> {
    const { upload_full_url, upload_param = '' } = await this.call('getuploadurl', access, about);
    const query = new URLSearchParams({ encrypted_query_param: upload_param, filekey: about.filekey });
    const url = upload_full_url || `${this.settings.WEIXIN_CDN_URL}/upload?${query.toString()}`;
    const headers = { 'content-type': 'application/octet-stream' };
    return this.http.askAgain(url, { method: 'POST', headers, body: secret }, placeIn, UPLOAD_MS);
  }

  private post(token: string | undefined, body: object): RequestInit {
    const headers = {
      ...this.headers,
      'content-type': 'application/json',
      AuthorizationType: 'ilink_bot_token',
      'X-WECHAT-UIN': Buffer.from(String(randomBytes(4).readUInt32BE())).toString('base64'),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return { method: 'POST', headers, body: JSON.stringify(body) };
  }
}

/** @throws HubError for a refusal: HTTP says 200 to most, and a success has no `ret` */
async function taken(response: Response): Promise<WeixinAnswer> {
  const { data } = Answer.safeParse(readLossless((await answerBytes(response)).toString('utf8')));
  const code = data?.ret || data?.errcode || 0;
  if (data && code === 0 && response.ok) return data;
  throw weixinError({ code, message: data?.errmsg ?? '' }, response.ok && data ? 200 : response.status);
}

async function placeIn(response: Response): Promise<string> {
  await response.body?.cancel();
  const place = response.headers.get('x-encrypted-param') ?? '';
  if (response.ok && place !== '') return place;
  const why = response.headers.get('x-error-message') ?? '';
  throw weixinError({ code: 0, message: why }, response.ok ? 502 : response.status);
}

/** Whole numbers of more than 53 bits become text: as numbers they would lose digits. undefined: not JSON */
export function readLossless(text: string): unknown {
  const exact = (_: string, value: unknown, { source = '' }: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? source : value;
  try {
    return JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]) as unknown;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw new HubError('91', 'WeChat answered what cannot be read', { cause: thrown });
  }
}
