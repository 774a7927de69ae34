/** A person on Telegram, in the private chat with the bot. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ClientPerson, fileToSend, NotHere, type Act } from '#simulators';
import type { Chats } from './chats.js';
import { BOT_ID } from './ids.js';
import { shown, type Message, type StoredFile } from './messages.js';

type Send = Extract<Act, { do: 'send' }>;

export class TelegramPerson extends ClientPerson {
  name: string;
  /** The person started the bot, or wrote to it. */
  started = false;
  blocked = false;
  picture: StoredFile | undefined;

  constructor(
    readonly native: string,
    private readonly chats: Chats,
  ) {
    super();
    this.name = `Person ${native.slice(-4)}`;
  }

  get user() {
    const [first = '', ...rest] = this.name.split(' ');
    return {
      id: Number(this.native),
      is_bot: false,
      first_name: first,
      ...(rest.length > 0 ? { last_name: rest.join(' ') } : {}),
      language_code: 'en',
    };
  }

  get chat() {
    const { id, first_name, last_name } = this.user;
    return { id, type: 'private', first_name, ...(last_name === undefined ? {} : { last_name }) };
  }

  contacts(): { native: string; name: string; state: string }[] {
    return this.started ? [{ native: BOT_ID, name: this.chats.bot.first_name, state: '' }] : [];
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        mustBeBot(act.to);
        return this.say({ text: act.text, ...entitiesIn(act.text), ...this.quoted(act.quote) });
      case 'send':
        mustBeBot(act.to);
        return this.send(act);
      case 'place':
        mustBeBot(act.to);
        return this.sendPlace(act);
      case 'edit':
        return this.edit(act.target, act.text);
      case 'react':
        return this.react(act.target, act.emoji);
      case 'look':
        return this.look(act);
      case 'add':
      case 'remove':
        return this.block(act.do === 'remove');
      case 'recall':
      case 'read':
      case 'type':
      case 'call':
      case 'nudge':
      case 'appear':
      case 'answer':
        // A client can delete, read and type, but bots are not told.
        throw new NotHere(act.do, 'telegram');
    }
  }

  /** The client shows a message of the bot. */
  receive(message: Message): void {
    const { message_id: id, text, caption, reply_to_message: target } = message;
    const about = {
      from: BOT_ID,
      name: this.chats.bot.first_name,
      id: String(id),
      ...(target === undefined ? {} : { target: String((target as Message).message_id) }),
    };
    const [kind, file] = this.attachmentIn(message);
    if (!file) return this.seen.see({ kind: 'text', ...about, text: text ?? '' });
    this.seen.see({
      kind: 'media',
      ...about,
      state: kind ?? '',
      text: caption ?? '',
      media: { url: `${this.chats.filesUrl}/shown/${file.file_id}`, name: file.name },
    });
  }

  seeEdit(message: Message): void {
    const { message_id: target, text, caption } = message;
    const words = text ?? caption ?? '';
    this.seen.see({
      kind: 'edit',
      from: BOT_ID,
      id: `edit-${this.next()}`,
      target: String(target),
      text: words,
    });
  }

  seeDeletion(target: number): void {
    this.seen.see({ kind: 'recall', from: BOT_ID, id: `deletion-${this.next()}`, target: String(target) });
  }

  seeReaction(target: number, emoji: string[]): void {
    const id = `reaction-${this.next()}`;
    this.seen.see({ kind: 'reaction', from: BOT_ID, id, target: String(target), emoji });
  }

  seeTyping(): void {
    this.seen.see({ kind: 'typing', from: BOT_ID, id: `typing-${this.next()}`, state: 'composing' });
  }

  /** A message as the client sends it, with any fields of the Bot API. */
  say(content: object): { id: string } {
    this.started = true;
    const message = this.chats.newMessage(this, this.user, content);
    this.chats.updates.add(this.native, 'message', message);
    return { id: String(message.message_id) };
  }

  private next(): number {
    return this.seen.sights.length + 1;
  }

  private attachmentIn(message: Message): [kind: string | undefined, StoredFile | undefined] {
    for (const kind of ['photo', 'voice', 'video', 'document']) {
      const value = message[kind] as { file_id: string } | { file_id: string }[] | undefined;
      const id = Array.isArray(value) ? value.at(-1)?.file_id : value?.file_id;
      if (id !== undefined) return [kind, this.chats.file(id)];
    }
    return [undefined, undefined];
  }

  private quoted(id: string | undefined): object {
    const message = id === undefined ? undefined : this.chats.find(this, Number(id));
    if (!message) return {};
    const { reply_to_message: _, ...quoted } = message;
    return { reply_to_message: quoted };
  }

  private edit(target: string, text: string): { id: string } {
    const message = this.chats.find(this, Number(target));
    if (!message) throw new Error('there is no such message');
    message.edit_date = Math.floor(Date.now() / 1000);
    if (message.text === undefined) message.caption = text;
    else message.text = text;
    this.chats.updates.add(this.native, 'edited_message', message);
    return { id: target };
  }

  private react(target: string, emoji: string[]): { id: string } {
    const message = this.chats.find(this, Number(target));
    if (!message) throw new Error('there is no such message');
    const old = (message['reactions of the person'] as object[] | undefined) ?? [];
    const current = emoji.map((one) => ({ type: 'emoji', emoji: one }));
    Object.defineProperty(message, 'reactions of the person', { value: current, configurable: true });
    this.chats.updates.add(this.native, 'message_reaction', {
      chat: this.chat,
      message_id: message.message_id,
      user: this.user,
      date: Math.floor(Date.now() / 1000),
      old_reaction: old,
      new_reaction: current,
    });
    return { id: target };
  }

  private async look({ name, picture }: Extract<Act, { do: 'look' }>): Promise<{ id: string }> {
    this.name = name ?? this.name;
    if (picture === '') this.picture = undefined;
    else if (picture !== undefined)
      this.picture = this.chats.store(await readFile(picture), basename(picture));
    return { id: this.native };
  }

  private block(blocked: boolean): { id: string } {
    this.blocked = blocked;
    const member = (status: string) => ({ user: this.chats.bot, status });
    this.chats.updates.add(this.native, 'my_chat_member', {
      chat: this.chat,
      from: this.user,
      date: Math.floor(Date.now() / 1000),
      old_chat_member: member(blocked ? 'member' : 'kicked'),
      new_chat_member: member(blocked ? 'kicked' : 'member'),
    });
    return { id: this.native };
  }

  private sendPlace({ latitude, longitude, name }: Extract<Act, { do: 'place' }>): { id: string } {
    const location = { latitude, longitude };
    return this.say(
      name === undefined ? { location } : { location, venue: { location, title: name, address: '' } },
    );
  }

  private async send({ what, fields, file }: Send): Promise<{ id: string }> {
    if (what === 'location') {
      const { latitude, longitude, label: name } = fields;
      const place = { latitude: Number(latitude), longitude: Number(longitude) };
      return this.sendPlace({ do: 'place', to: BOT_ID, ...place, ...(name ? { name } : {}) });
    }
    if (what === 'card')
      return this.say({ contact: { phone_number: fields['phone'] ?? '', first_name: fields['name'] ?? '' } });
    if (what === 'link') throw new NotHere('send', 'telegram a link');
    const { name, bytes, type: mime_type } = await fileToSend(file);
    const stored = shown(this.chats.store(bytes, name));
    const caption = fields['caption'] === undefined ? {} : { caption: fields['caption'] };
    switch (what) {
      case 'image':
        return this.say({ photo: [{ ...stored, width: 1, height: 1 }], ...caption });
      case 'voice':
        return this.say({
          voice: { ...stored, duration: Number(fields['seconds'] ?? 1), mime_type },
        });
      case 'video':
        return this.say({
          video: {
            ...stored,
            duration: 1,
            width: 1,
            height: 1,
            mime_type,
            file_name: name,
          },
          ...caption,
        });
      case 'file':
        return this.say({
          document: { ...stored, file_name: name, mime_type },
          ...caption,
        });
      case 'sticker':
        return this.say({
          sticker: {
            ...stored,
            type: 'regular',
            width: 512,
            height: 512,
            is_animated: true,
            is_video: false,
            emoji: fields['meaning'] ?? '👋',
          },
        });
    }
  }
}

/** What the client finds in a text without being told. */
function entitiesIn(text: string): object {
  const entities = [...text.matchAll(/(?<=^|\s)\/[a-z]\w*|https?:\/\/\S+/g)].map(({ 0: found, index }) => ({
    type: found.startsWith('/') ? 'bot_command' : 'url',
    offset: index,
    length: found.length,
  }));
  return entities.length > 0 ? { entities } : {};
}

/** People of remote networks have no accounts in Telegram. */
function mustBeBot(to: string): void {
  if (to !== BOT_ID) throw new Error(`write to the bot, ${BOT_ID}`);
}
