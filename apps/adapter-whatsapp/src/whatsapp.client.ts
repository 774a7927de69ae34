/** Calls to the Cloud API. */
import { z } from 'zod';
import { JsonApi } from '#adapter-webhook';
import type { MediaFile } from '#media';
import { HubError } from '#protocol';
import type { WhatsAppSettings } from './whatsapp.config.js';
import { isAway, whatsappError } from './whatsapp.errors.js';

const Text = z.string().optional().catch(undefined);
const Answer = z.looseObject({
  messages: z.array(z.looseObject({ id: z.string() })).catch([]),
  id: Text,
  url: Text,
  error: z
    .looseObject({ code: z.number(), message: z.string().catch('') })
    .optional()
    .catch(undefined),
});
export type WhatsAppAnswer = z.infer<typeof Answer>;

export class WhatsAppClient extends JsonApi<WhatsAppAnswer> {
  private readonly number: string;

  constructor(private readonly settings: WhatsAppSettings) {
    super({
      name: 'WhatsApp',
      url: `${settings.WHATSAPP_API_URL}/${settings.WHATSAPP_API_VERSION}`,
      token: settings.WHATSAPP_TOKEN,
      answer: Answer,
      isAway: (status, { error }) => isAway(status, error),
      errorOf: (status, { error }) => whatsappError(error, status),
    });
    this.number = `/${settings.WHATSAPP_PHONE_ID}`;
  }

  about(): Promise<WhatsAppAnswer> {
    return this.get(this.number);
  }

  /** @returns the id of the message. @throws HubError 103 when there was no answer: there is no idempotency key */
  async send(message: object): Promise<string[]> {
    const { messages } = await this.post(`${this.number}/messages`, message);
    return messages.map(({ id }) => id);
  }

  /** For what may be said twice: a reaction, a mark that something was read. */
  setState(message: object): Promise<WhatsAppAnswer> {
    return this.set(`${this.number}/messages`, message);
  }

  /** @returns its id, good for 30 days */
  async uploadFile(file: MediaFile): Promise<string> {
    const form = new FormData();
    form.append('messaging_product', 'whatsapp');
    form.append('type', file.contentType);
    form.append('file', await file.blob(), file.filename);
    const { id } = await this.upload(`${this.number}/media`, form);
    if (id === undefined) throw new HubError('106', 'WhatsApp gave no id for an attachment');
    return id;
  }

  /** The address that an id stands for is good for 5 minutes, and needs the token. @throws HubError 107, 91 */
  async openFile(mediaId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { url = '' } = await this.get(`/${encodeURIComponent(mediaId)}`);
    // The token goes nowhere else.
    if (!URL.canParse(url) || new URL(url).origin !== new URL(this.settings.WHATSAPP_MEDIA_URL).origin)
      throw new HubError('107', 'the attachment is not at WHATSAPP_MEDIA_URL');
    return this.content(url, signal);
  }
}
