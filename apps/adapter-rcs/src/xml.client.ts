/** The interface of China Mobile: XML after OMA NetAPI, in which every request and notification proves itself with its own date. */
import { hash } from 'node:crypto';
import {
  answerBytes,
  headerOf,
  openContent,
  PlatformHttp,
  repeatable,
  textRefusal,
  uploading,
  type Edge,
} from '#adapter-webhook';
import type { MediaFile } from '#media';
import { HubError } from '#protocol';
import { child, descendants, readXml, secretsEqual } from '#service';
import { xmlMessage, xmlRevoke, type RcsFile, type RcsMessage } from './from-canonical.js';
import { readXmlNotification, type XmlNotification } from './notifications.js';
import type { RcsClient, RcsRequest } from './rcs.client.js';
import type { RcsSettings } from './rcs.config.js';
import { rcsError } from './rcs.errors.js';
import { fileIn, filesIn } from './to-canonical.js';

const UPLOAD_MS = 120_000;

export class XmlClient implements RcsClient {
  readonly http = new PlatformHttp('5G messaging');
  readonly namesOurIds = false;
  readonly read = readXmlNotification;
  private readonly media: string;
  private readonly chatbot: string;

  constructor(private readonly settings: RcsSettings) {
    this.media = settings.RCS_MEDIA_URL ?? settings.RCS_URL;
    this.chatbot = encodeURIComponent(settings.RCS_CHATBOT);
  }

  start(): void {}

  /** No call is documented that changes nothing: any answer but a refusal of the credentials will do. */
  check(): Promise<unknown> {
    return this.http.askAgain(this.settings.RCS_URL, { headers: this.headers() }, ({ status }) => {
      this.http.reachable = status < 500 && status !== 401;
      return Promise.resolve(status);
    });
  }

  async send(message: RcsMessage): Promise<string> {
    const path = `/${this.settings.RCS_SEND_PATH}/outbound/${this.chatbot}/requests`;
    const headers = { address: `+86${message.to}`, 'content-type': 'application/xml' };
    const init = { method: 'POST', body: xmlMessage(message, this.settings), headers };
    const answer = await this.call(this.settings.RCS_URL + path, init);
    const native = child(readXml(answer.text), 'messageId')?.text.trim();
    // The platform has the message, and nothing that comes later can be told to be about it.
    if (!native) throw new HubError('103', 'the platform gave no id for a message');
    return native;
  }

  revoke(native: string, to: string): Promise<unknown> {
    const path = `/messaging/v1/outbound/${this.chatbot}/requests/${encodeURIComponent(native)}/status`;
    const headers = { address: `+86${to}`, 'content-type': 'application/xml' };
    const init = { method: 'PUT', body: xmlRevoke(to), headers };
    return repeatable(this.call(this.settings.RCS_URL + path, init));
  }

  async upload(file: MediaFile): Promise<RcsFile | { tid: string }> {
    const body = new FormData();
    body.append('File', await file.blob(), file.filename);
    const init = { method: 'POST', body, headers: this.identity() };
    const { text, tid } = await uploading(this.call(`${this.media}/Content`, init, UPLOAD_MS));
    const url = fileIn(filesIn(readXml(text)))?.media.source['url'];
    if (url !== undefined) return { url };
    if (tid === '')
      throw new HubError('106', 'the platform gave neither address nor number for an attachment');
    return { tid };
  }

  open(url: string, signal: AbortSignal) {
    // The credentials go nowhere else.
    if (!URL.canParse(url) || new URL(url).origin !== new URL(this.media).origin) return undefined;
    const headers = { ...this.headers(), ...this.identity() };
    return openContent(this.http.name, url, { headers, signal });
  }

  acknowledge(): undefined {}

  private async call(
    url: string,
    init: RcsRequest,
    timeoutMs?: number,
  ): Promise<{ text: string; tid: string }> {
    const headers = { ...this.headers(), ...init.headers };
    const read = async (response: Response) => {
      const text = (await answerBytes(response)).toString('utf8');
      this.http.reachable = response.status !== 401;
      const refused = descendants(readXml(text), 'exceptionId')[0]?.text.trim();
      if (response.ok && refused === undefined) return { text, tid: response.headers.get('tid') ?? '' };
      const words = descendants(readXml(text), 'text')[0]?.text ?? '';
      throw rcsError(refused, words, response.status, response.headers.get('retry-after') ?? '');
    };
    return this.http.ask(url, { ...init, headers }, read, timeoutMs);
  }

  private headers(): Record<string, string> {
    const date = new Date().toUTCString();
    const { RCS_APP_ID, RCS_APP_KEY } = this.settings;
    return { date, authorization: authorizationOf(RCS_APP_ID, RCS_APP_KEY, date) };
  }

  private identity(): Record<string, string> {
    const { RCS_CHATBOT } = this.settings;
    return {
      'user-agent': `SP/${RCS_CHATBOT}`,
      'terminal-type': 'Chatbot',
      'x-3gpp-intended-identity': RCS_CHATBOT,
    };
  }

  /**
   * COMPAT(China Mobile, 2020): platforms write the time of Beijing and call it GMT, so the date is a salt and not a time. A
   * replay is the same notification again, which the ids in it tell.
   */
  readonly edge: Edge<unknown> = {
    maxBody: 256 * 1024,
    form: (request) => {
      const { RCS_APP_ID, RCS_APP_KEY } = this.settings;
      const date = headerOf(request, 'date');
      if (
        date === '' ||
        !secretsEqual(headerOf(request, 'authorization'), authorizationOf(RCS_APP_ID, RCS_APP_KEY, date))
      )
        throw new HubError('31', 'a notification has a wrong authorization');
    },
    proof: () => undefined,
    parse: (body, request) => {
      const native = body.toString('utf8');
      const [tid, authStatus] = [headerOf(request, 'tid'), headerOf(request, 'authstatus')];
      return { native, json: { root: readXml(native), tid, authStatus } satisfies XmlNotification };
    },
    refusal: textRefusal,
  };
}

/** @param token of a CSP; of a developer it is the SHA-256 of their password, in hexadecimal */
export function authorizationOf(id: string, token: string, date: string): string {
  return `Basic ${Buffer.from(`${id}:${hash('sha256', token + date, 'hex')}`).toString('base64')}`;
}
