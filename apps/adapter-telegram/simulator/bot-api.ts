/** The methods of the Bot API for private chats: https://core.telegram.org/bots/api */
import type { Incoming, Outgoing } from '#simulators';
import { ApiError } from './api-error.js';
import type { Flood } from './flood.js';
import type { Chats } from './chats.js';
import { shown, type Message } from './messages.js';
import { parametersIn, type Parameters } from './parameters.js';
import { REACTIONS } from './reactions.js';
import type { TelegramPerson } from './telegram-person.js';

const MOST_TEXT = 4096;
const MOST_CAPTION = 1024;
const MOST_DOWNLOAD = 20 * 1024 * 1024;
const DELETE_MS = 48 * 3600_000;
const MEDIA = {
  sendPhoto: 'photo',
  sendVoice: 'voice',
  sendVideo: 'video',
  sendDocument: 'document',
} as const;

export class BotApi {
  /** Calls by method, for tests. */
  readonly calls: { method: string; parameters: Parameters }[] = [];

  constructor(
    private readonly chats: Chats,
    private readonly flood: Flood,
    private readonly account: { token: string },
  ) {}

  async answer(call: Incoming): Promise<Outgoing> {
    const [, shownId] = /^\/shown\/([\w-]+)$/.exec(call.path) ?? [];
    if (shownId !== undefined) return this.content(shownId);
    const [, fileToken, filePath] = /^\/file\/bot([^/]+)\/(.+)$/.exec(call.path) ?? [];
    if (filePath !== undefined) return this.download(fileToken ?? '', filePath);
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(call.path) ?? [];
    if (token === undefined) return outgoing(404, { ok: false, error_code: 404, description: 'Not Found' });
    const sends = method.startsWith('send') && method !== 'sendChatAction';
    try {
      if (token !== this.account.token) throw new ApiError(401, 'Unauthorized');
      const parameters = await parametersIn(call);
      const silence = sends ? this.chats.faults.takeSilence() : undefined;
      if (silence === 'lost') return 'hang-up';
      if (sends) this.refuseIfAsked();
      this.calls.push({ method, parameters });
      const result = await this.carryOut(method, parameters);
      return silence === 'taken' ? 'hang-up' : outgoing(200, { ok: true, result });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { code, message: description, parameters } = error;
      return outgoing(code, {
        ok: false,
        error_code: code,
        description,
        ...(parameters ? { parameters } : {}),
      });
    }
  }

  private refuseIfAsked(): void {
    const code = this.chats.faults.takeRefusal();
    if (code !== undefined)
      throw new ApiError(code, code >= 500 ? 'Internal Server Error' : 'Bad Request: refused');
    this.flood.check();
  }

  private async carryOut(method: string, parameters: Parameters): Promise<unknown> {
    const { updates } = this.chats;
    switch (method) {
      case 'getMe':
        return { ...this.chats.bot, can_join_groups: false, supports_inline_queries: false };
      case 'setWebhook':
        updates.connect({
          url: parameters.text('url'),
          ...(parameters.has('secret_token') ? { secret_token: parameters.text('secret_token') } : {}),
          ...(parameters.has('allowed_updates')
            ? { allowed_updates: parameters.list('allowed_updates') as string[] }
            : {}),
        });
        return true;
      case 'deleteWebhook':
        updates.connect(undefined);
        return true;
      case 'getWebhookInfo':
        return { url: '', has_custom_certificate: false, pending_update_count: updates.pending };
      case 'getUpdates':
        return this.updates(parameters);
      case 'getChat':
        return this.chat(this.personIn(parameters));
      case 'sendMessage':
        return this.send(parameters, { text: textIn(parameters, 'text', MOST_TEXT) });
      case 'sendPhoto':
      case 'sendVoice':
      case 'sendVideo':
      case 'sendDocument':
        return this.send(parameters, {
          ...this.media(parameters, MEDIA[method]),
          ...(parameters.has('caption') ? { caption: textIn(parameters, 'caption', MOST_CAPTION) } : {}),
        });
      case 'editMessageText':
        return this.edit(parameters, 'text', MOST_TEXT);
      case 'editMessageCaption':
        return this.edit(parameters, 'caption', MOST_CAPTION);
      case 'deleteMessage':
        return this.remove(parameters);
      case 'setMessageReaction':
        return this.react(parameters);
      case 'sendChatAction':
        this.reachable(parameters).seeTyping();
        return true;
      case 'getFile':
        return this.file(parameters.text('file_id'));
      default:
        throw new ApiError(404, 'Not Found: method not found');
    }
  }

  private updates(parameters: Parameters): Promise<unknown> {
    const { updates } = this.chats;
    if (updates.hasWebhook)
      throw new ApiError(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      );
    const allowed = parameters.has('allowed_updates')
      ? (parameters.list('allowed_updates') as string[])
      : undefined;
    const limit = Math.min(parameters.number('limit') || 100, 100);
    return updates.get(parameters.number('offset'), limit, parameters.number('timeout') * 1000, allowed);
  }

  private chat(person: TelegramPerson): object {
    const { picture } = person;
    const { file_id: big_file_id, file_unique_id: big_file_unique_id } = picture ?? {};
    return { ...person.chat, ...(picture ? { photo: { big_file_id, big_file_unique_id } } : {}) };
  }

  private send(parameters: Parameters, content: object): Message {
    const person = this.reachable(parameters);
    const reply = parameters.object('reply_parameters') as {
      message_id?: number;
      allow_sending_without_reply?: boolean;
    };
    const quoted = reply.message_id === undefined ? undefined : this.chats.find(person, reply.message_id);
    if (reply.message_id !== undefined && !quoted && !reply.allow_sending_without_reply)
      throw new ApiError(400, 'Bad Request: message to be replied not found');
    const { reply_to_message: _, ...target } = quoted ?? { reply_to_message: undefined };
    const entities = ['entities', 'caption_entities'].flatMap((name) =>
      parameters.has(name) ? [[name, parameters.list(name)]] : [],
    );
    const message = this.chats.newMessage(person, this.chats.bot, {
      ...content,
      ...(Object.fromEntries(entities) as object),
      ...(quoted ? { reply_to_message: target } : {}),
    });
    person.receive(message);
    return message;
  }

  private media(parameters: Parameters, kind: (typeof MEDIA)[keyof typeof MEDIA]): object {
    const given = parameters.file(kind);
    const file = given ? this.chats.store(given.bytes, given.name) : this.chats.file(parameters.text(kind));
    if (!file) throw new ApiError(400, 'Bad Request: wrong file identifier/HTTP URL specified');
    if (file.bytes.length === 0) throw new ApiError(400, 'Bad Request: file must be non-empty');
    return { [kind]: kind === 'photo' ? [{ ...shown(file), width: 1, height: 1 }] : shown(file) };
  }

  private edit(parameters: Parameters, field: 'text' | 'caption', most: number): Message {
    const person = this.reachable(parameters);
    const message = this.own(person, parameters, 'edit');
    const words = textIn(parameters, field, most);
    if (message[field] === words)
      throw new ApiError(
        400,
        'Bad Request: message is not modified: specified new message content and reply markup are exactly the same',
      );
    if (field === 'text' && message.text === undefined)
      throw new ApiError(400, 'Bad Request: there is no text in the message to edit');
    message[field] = words;
    message.edit_date = Math.floor(Date.now() / 1000);
    person.seeEdit(message);
    return message;
  }

  private remove(parameters: Parameters): true {
    const person = this.reachable(parameters);
    const { message_id: id, date } = this.own(person, parameters, 'delete');
    if (this.flood.now() - date * 1000 > DELETE_MS)
      throw new ApiError(400, "Bad Request: message can't be deleted for everyone");
    this.chats.remove(person, id);
    person.seeDeletion(id);
    return true;
  }

  private react(parameters: Parameters): true {
    const person = this.reachable(parameters);
    const message = this.chats.find(person, parameters.number('message_id'));
    if (!message) throw new ApiError(400, 'Bad Request: message to react not found');
    const reactions = parameters.list('reaction') as { type: string; emoji: string }[];
    if (reactions.length > 1) throw new ApiError(400, 'Bad Request: REACTIONS_TOO_MANY');
    if (reactions.some(({ emoji }) => !REACTIONS.has(emoji)))
      throw new ApiError(400, 'Bad Request: REACTION_INVALID');
    person.seeReaction(
      message.message_id,
      reactions.map(({ emoji }) => emoji),
    );
    return true;
  }

  private own(person: TelegramPerson, parameters: Parameters, act: 'edit' | 'delete'): Message {
    const message = this.chats.find(person, parameters.number('message_id'));
    if (!message) throw new ApiError(400, `Bad Request: message to ${act} not found`);
    if (message.from !== this.chats.bot) throw new ApiError(400, `Bad Request: message can't be ${act}ed`);
    return message;
  }

  private personIn(parameters: Parameters): TelegramPerson {
    const person = this.chats.people.get(parameters.text('chat_id'));
    // A bot knows nobody who has not written to it.
    if (!person?.started) throw new ApiError(400, 'Bad Request: chat not found');
    return person;
  }

  private reachable(parameters: Parameters): TelegramPerson {
    const person = this.personIn(parameters);
    if (person.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
    return person;
  }

  private file(id: string): object {
    const file = this.chats.file(id);
    if (!file) throw new ApiError(400, 'Bad Request: invalid file_id');
    if (file.bytes.length > MOST_DOWNLOAD) throw new ApiError(400, 'Bad Request: file is too big');
    return { ...shown(file), file_path: `documents/${file.file_id}` };
  }

  private download(token: string, path: string): Outgoing {
    const trouble = this.chats.faults.takeTrouble();
    if (trouble === 'fails')
      return outgoing(500, { ok: false, error_code: 500, description: 'Internal Server Error' });
    if (token !== this.account.token)
      return outgoing(401, { ok: false, error_code: 401, description: 'Unauthorized' });
    return this.content(path.replace(/^documents\//, ''), trouble === 'breaks-off');
  }

  private content(id: string, breaksOff = false): Outgoing {
    const file = this.chats.file(id);
    if (!file) return outgoing(404, { ok: false, error_code: 404, description: 'Not Found' });
    return { status: 200, type: 'application/octet-stream', body: file.bytes, breaksOff };
  }
}

function textIn(parameters: Parameters, name: 'text' | 'caption', most: number): string {
  const text = parameters.text(name);
  if (text.trim() === '' && name === 'text') throw new ApiError(400, 'Bad Request: message text is empty');
  if (text.length > most)
    throw new ApiError(400, `Bad Request: message ${name === 'text' ? '' : 'caption '}is too long`);
  return text;
}

function outgoing(status: number, body: object): Outgoing {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}
