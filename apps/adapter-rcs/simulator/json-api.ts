/** The interface of China Telecom and China Unicom: JSON, specification 1.0.4. */
import { createHash, randomUUID } from 'node:crypto';
import { json, type Incoming, type Outgoing } from '#simulators';
import type { Chat } from './chat.js';
import type { Api, Content, Notice, Outbound, Status, Writer } from './dialect.js';
import { CHATBOT } from './ids.js';

export interface JsonAccount {
  appId: string;
  appKey: string;
  /** With which notifications are signed. */
  token: string;
}

interface OutboundJson {
  messageId?: string;
  messageList?: { contentType?: string; contentText?: unknown }[];
  destinationAddress?: string[];
  senderAddress?: string;
  conversationId?: string;
  contributionId?: string;
  serviceCapability?: { capabilityId?: string }[];
  smsSupported?: boolean;
  smsContent?: string;
}

const FT = 'application/vnd.gsma.rcs-ft-http';
const TOKEN_MS = 7_200_000;
const MOST_TEXT = 2000;
const NAMES: Record<Status, string> = {
  sent: 'sent',
  delivered: 'delivered',
  displayed: 'displayed',
  sms: 'deliveredToNetwork',
  failed: 'failed',
  revoked: 'revokeOk',
  'revoke-failed': 'revokeFail',
};

export class JsonWriter implements Writer {
  private readonly echo = randomUUID();

  constructor(private readonly account: JsonAccount) {}

  readonly check = {
    path: '/notifyPath',
    isRight: (headers: Headers) =>
      headers.get('echostr') === this.echo && headers.get('appid') === this.account.appId,
  };

  message(
    from: string,
    messageId: string,
    content: Content,
    about: { contribution: string; answers?: string },
  ): Notice {
    return notice('messageNotification', 'messages', {
      messageId,
      messageList: [itemOf(content)],
      dateTime: new Date().toISOString(),
      senderAddress: `tel:+86${from}`,
      destinationAddress: CHATBOT,
      conversationId: randomUUID(),
      contributionId: about.contribution,
      ...(about.answers === undefined ? {} : { inReplyTo: about.answers }),
    });
  }

  status(to: string, messageId: string, status: Status, code: string, errorMessage: string): Notice {
    const about = {
      messageId,
      status: NAMES[status],
      dateTime: new Date().toISOString(),
      senderAddress: `tel:+86${to}`,
      destinationAddress: CHATBOT,
      ...(status === 'failed' ? { errorCode: Number(code), errorMessage } : {}),
    };
    return notice('deliveryNotification', 'status', { deliveryInfoList: [about] });
  }

  proof(wrong: boolean): Record<string, string> {
    const [timestamp, nonce] = [String(Math.floor(Date.now() / 1000)), randomUUID()];
    const parts = [wrong ? 'another token' : this.account.token, timestamp, nonce].toSorted();
    const signature = createHash('sha256').update(parts.join('')).digest('hex');
    return { signature, timestamp, nonce, echostr: this.echo };
  }
}

export class JsonApi implements Api {
  private tokens: { token: string; until: number } | undefined;
  /** How often a token was asked for. */
  tokensGiven = 0;

  constructor(
    private readonly chat: Chat,
    private readonly account: JsonAccount,
  ) {}

  /** The token ends before its time. */
  endToken(): void {
    this.tokens = undefined;
  }

  async answer(call: Incoming): Promise<Outgoing> {
    const [, path = ''] = new RegExp(`^/bot/v1/${CHATBOT}(/.*)$`).exec(decodeURIComponent(call.path)) ?? [];
    if (path === '/accessToken') return this.giveToken(call);
    const { token, until } = this.tokens ?? { token: '', until: 0 };
    if (call.header('authorization') !== `accessToken ${token}`) return error(40014, 'not a token');
    if (until < this.chat.clock.now()) return error(42001, 'the token has ended');
    switch (`${call.method} ${path}`) {
      case 'GET /find/chatBotInfo':
        return json({ errorCode: 0 });
      case 'POST /messages':
        return this.send(call);
      case 'POST /revoke': {
        const { messageId = '' } = JSON.parse(call.body.toString('utf8')) as OutboundJson;
        return this.chat.revoke(messageId)
          ? json({ messageId, errorCode: 0 })
          : error(20002, 'no such message');
      }
      case 'POST /medias/upload':
        return this.upload(call);
      case 'GET /medias/download':
        return this.download(call.header('url'));
      default:
        return error(20003, 'no such interface');
    }
  }

  private giveToken(call: Incoming): Outgoing {
    const { appId, appKey } = JSON.parse(call.body.toString('utf8')) as Partial<JsonAccount>;
    if (appId !== this.account.appId || appKey !== this.account.appKey) return error(40001, 'wrong appKey');
    this.tokensGiven++;
    // A new token ends the one before.
    this.tokens = { token: randomUUID(), until: this.chat.clock.now() + TOKEN_MS };
    return json({
      accessToken: this.tokens.token,
      expires: TOKEN_MS / 1000,
      errorCode: 0,
      url: this.chat.url,
    });
  }

  private async send(call: Incoming): Promise<Outgoing> {
    const { faults } = this.chat;
    const silence = faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const answer = this.message(JSON.parse(call.body.toString('utf8')) as OutboundJson);
    const delay = faults.takeDelay();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref());
    return silence === 'taken' ? 'hang-up' : answer;
  }

  private message(body: OutboundJson): Outgoing {
    const trouble = this.chat.faults.takeRefusal();
    if (trouble === 429)
      return { status: 429, type: 'text/plain', body: '', headers: { 'retry-after': '1' } };
    if (trouble !== undefined) return error(trouble, 'refused by the test');
    const wrong = wrongIn(body);
    if (wrong) return wrong;
    const { messageId: id = '', messageList = [], contributionId: contribution = '' } = body;
    const content = contentOf(messageList[0] ?? {});
    if (!content) return error(40008, 'contentType or contentText');
    if ('url' in content && !this.chat.fileAt(content.url)) return error(40007, 'url');
    if ('text' in content && content.text.length > MOST_TEXT) return error(40021, 'text');
    const sms = body.smsSupported ? body.smsContent : undefined;
    this.chat.take({ id, to: personIn(body) ?? '', content, sms, contribution });
    return json({ messageId: [id], errorCode: 0, errorMessage: 'success' });
  }

  private async upload(call: Incoming): Promise<Outgoing> {
    if (call.header('uploadmode') !== 'temp') return error(20002, 'uploadMode');
    const headers = { 'content-type': call.header('content-type') };
    const form = await new Response(new Uint8Array(call.body), { headers }).formData();
    const [file] = [...form.values()];
    if (!(file instanceof File)) return error(41005, 'no file');
    const { url, name, type, size } = this.chat.keep(
      Buffer.from(await file.arrayBuffer()),
      file.type,
      file.name,
    );
    const until = new Date(Date.now() + 3 * 24 * 3600_000).toISOString();
    const fileInfo = [{ url, fileName: name, contentType: type, fileSize: size, until }];
    return json({ fileInfo, fileCount: 1, totalCount: 300, errorCode: 0 });
  }

  private download(url: string): Outgoing {
    const trouble = this.chat.faults.takeTrouble();
    const file = this.chat.fileAt(url);
    if (trouble === 'fails') return { status: 500, type: 'text/plain', body: '' };
    if (!file) return { status: 404, type: 'text/plain', body: '' };
    return { status: 200, type: file.type, body: file.bytes, breaksOff: trouble === 'breaks-off' };
  }
}

function personIn({ destinationAddress: [first = ''] = [] }: OutboundJson): string | undefined {
  return /^tel:\+86(\d+)$/.exec(first)?.[1];
}

/** @returns the refusal of a message without what every message needs */
function wrongIn(body: OutboundJson): Outgoing | undefined {
  const { messageId, contributionId, conversationId, smsSupported, smsContent } = body;
  const needed = [messageId, contributionId, conversationId, personIn(body)];
  if (needed.some((value) => !value) || smsSupported === undefined)
    return error(20002, 'a parameter is missing');
  if (body.senderAddress !== CHATBOT) return error(30008, 'senderAddress');
  if (body.serviceCapability?.[0]?.capabilityId !== 'ChatbotSA') return error(20002, 'serviceCapability');
  return smsSupported && !smsContent ? error(20002, 'smsContent') : undefined;
}

function contentOf({
  contentType,
  contentText,
}: {
  contentType?: string;
  contentText?: unknown;
}): Outbound['content'] | undefined {
  if (contentType === 'text/plain')
    return typeof contentText === 'string' && contentText !== '' ? { text: contentText } : undefined;
  const [file] = Array.isArray(contentText) ? (contentText as { url?: string }[]) : [];
  return contentType === FT && file?.url !== undefined ? { url: file.url } : undefined;
}

function itemOf(content: Content): object {
  if ('text' in content) return { contentType: 'text/plain', contentText: content.text };
  if ('file' in content) {
    const { url, type, name, size } = content.file;
    const until = new Date(Date.now() + 7 * 24 * 3600_000).toISOString();
    const thumbnail = {
      type: 'thumbnail',
      fileSize: 100,
      contentType: 'image/png',
      url: `${url}-small`,
      until,
    };
    const file = { type: 'file', fileSize: size, fileName: name, contentType: type, url, until };
    return { contentType: FT, contentEncoding: 'utf8', contentText: [thumbnail, file] };
  }
  const reply = { displayText: content.suggestion, postback: { data: 'x' } };
  const contentType = 'application/vnd.gsma.botsuggestion.response.v1.0+json';
  return { contentType, contentEncoding: 'utf8', contentText: { response: { reply } } };
}

function notice(path: string, kind: string, body: object): Notice {
  return {
    path: `/${path}/${encodeURIComponent(CHATBOT)}/${kind}`,
    type: 'application/json',
    body: JSON.stringify(body),
  };
}

function error(errorCode: number, errorMessage: string): Outgoing {
  return json({ errorCode, errorMessage });
}
