/** Calls to the Bot API. */
import { z } from 'zod';
import { downloadError, JsonApi } from '#adapter-webhook';
import { HubError, toHubError } from '#protocol';
import type { TelegramSettings } from './telegram.config.js';
import { isAway, telegramError } from './telegram.errors.js';

const Text = z.string().optional().catch(undefined);
const File = z.looseObject({ file_id: z.string(), file_unique_id: Text });
const Files = z.array(File).optional().catch(undefined);
const OneFile = File.optional().catch(undefined);
/** What is read of the results of all methods. */
const Result = z.looseObject({
  message_id: z.number().optional().catch(undefined),
  first_name: Text,
  last_name: Text,
  photo: z.union([Files, z.looseObject({ big_file_id: Text, big_file_unique_id: Text })]).catch(undefined),
  document: OneFile,
  video: OneFile,
  voice: OneFile,
  file_path: Text,
});
const Answer = z.looseObject({
  description: Text,
  parameters: z
    .looseObject({ retry_after: z.number().min(0).max(86_400).optional() })
    .optional()
    .catch(undefined),
  result: z
    .union([z.array(z.unknown()), Result])
    .optional()
    .catch(undefined),
});
export type TelegramAnswer = z.infer<typeof Answer>;
export type TelegramResult = z.infer<typeof Result>;

/** Updates that the adapter reads. Reactions are sent only to bots that ask for them. */
const ALLOWED = ['message', 'edited_message', 'message_reaction', 'my_chat_member'];
/** Below the time limit of a call. */
const POLL_SECONDS = 8;
/** Of the 100 that Telegram would give: the largest ones must fit into one answer, or nothing would ever be confirmed. */
const MOST_UPDATES = 40;
/** Telegram keeps the order of updates of one chat also with several connections. */
const CONNECTIONS = 40;

export class TelegramClient extends JsonApi<TelegramAnswer> {
  private readonly files: string;

  constructor({ TELEGRAM_API_URL: url, TELEGRAM_TOKEN: token }: TelegramSettings) {
    super({ name: 'Telegram', url: `${url}/bot${token}/`, answer: Answer, isAway, errorOf: telegramError });
    this.files = `${url}/file/bot${token}/`;
  }

  /** @throws HubError 103 when nobody knows whether it was carried out */
  async send(method: string, body: object): Promise<TelegramResult> {
    return resultOf(await this.post(method, body));
  }

  async look(method: string, body: object): Promise<TelegramResult> {
    return resultOf(await this.set(method, body));
  }

  setWebhook(url: string, secret: string | undefined): Promise<TelegramAnswer> {
    return this.set('setWebhook', {
      url,
      secret_token: secret,
      max_connections: CONNECTIONS,
      allowed_updates: ALLOWED,
    });
  }

  /** @param offset number of the first update that is not confirmed */
  async updates(offset: number): Promise<unknown[]> {
    const body = { offset, limit: MOST_UPDATES, timeout: POLL_SECONDS, allowed_updates: ALLOWED };
    const { result } = await this.set('getUpdates', body);
    return Array.isArray(result) ? result : [];
  }

  /** @throws HubError 105 larger than the 20 MB that bots can download, 107 gone, 91 */
  async download(fileId: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { file_path: path = '' } = await this.look('getFile', { file_id: fileId }).catch(
      (thrown: unknown) => {
        const error = toHubError(thrown);
        throw error.code === '61' ? new HubError('105', error.detail) : downloadError(error);
      },
    );
    return this.content(this.files + path.split('/').map(encodeURIComponent).join('/'), signal);
  }
}

function resultOf({ result }: TelegramAnswer): TelegramResult {
  return result === undefined || Array.isArray(result) ? {} : result;
}
