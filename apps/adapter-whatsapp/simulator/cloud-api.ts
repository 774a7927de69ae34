/** The part of the Cloud API for chats with single persons. */
import type { Incoming, Outgoing } from '#simulators';
import type { Chat } from './chat.js';
import { ACCOUNT_NUMBER, BUSINESS_ID, PHONE_ID, WA_ID } from './ids.js';
import {
  MEDIA_TYPES,
  NO_TOKEN,
  OUTSIDE_WINDOW,
  UNDELIVERABLE,
  wrongIn,
  type Medium,
  type MessageBody,
  type Refused,
} from './message-rules.js';
import type { WhatsAppPerson } from './whatsapp-person.js';

const KIND = {
  image: 'image',
  video: 'video',
  audio: 'voice',
  document: 'file',
  sticker: 'sticker',
} as const;

export class CloudApi {
  constructor(
    private readonly chat: Chat,
    private readonly token: string,
  ) {}

  async answer(call: Incoming): Promise<Outgoing> {
    // A person's client has no token.
    const [, ofPerson] = /^\/of-a-person\/(\d+)$/.exec(call.path) ?? [];
    if (ofPerson !== undefined) return this.bytes(ofPerson);
    if (call.header('authorization') !== `Bearer ${this.token}`) return refused(NO_TOKEN);
    if (call.path === '/whatsapp_business/attachments/')
      return this.download(this.chat.addresses.get(call.query.get('hash') ?? ''));
    // Clients may leave out the version.
    const path = call.path.replace(/^\/v\d+\.\d+/, '');
    const route = `${call.method} ${path}`;
    switch (route) {
      case `POST /${PHONE_ID}/messages`:
        return this.messages(call);
      case `POST /${PHONE_ID}/media`:
        return this.upload(call);
      case `GET /${PHONE_ID}`:
        return json(200, ABOUT);
      case `GET /${BUSINESS_ID}/phone_numbers`:
        return json(200, { data: [ABOUT] });
      default:
        return this.medium(call.method, path.slice(1));
    }
  }

  private async messages(call: Incoming): Promise<Outgoing> {
    const body = bodyIn(call.body);
    if (!body) return refused({ status: 400, code: 100, message: '(#100) the body is no JSON' });
    const silence = this.chat.faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const answer = this.message(body);
    const delay = this.chat.faults.takeDelay();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref());
    return silence === 'taken' ? 'hang-up' : answer;
  }

  private message(body: MessageBody): Outgoing {
    const trouble = this.chat.faults.takeRefusal();
    if (trouble !== undefined)
      return refused({
        status: statusOf(trouble),
        code: trouble,
        message: `(#${trouble}) refused by the test`,
      });
    if (body.status === 'read') return this.markRead(body);
    const wrong = wrongIn(body);
    if (wrong) return refused(wrong);
    const to = (body.to ?? '').replace(/^\+/, '');
    const person = WA_ID.test(to) ? this.chat.people.get(to) : undefined;
    if (!person) return refused(UNDELIVERABLE);
    if (!this.chat.isOpen(person)) return refused(OUTSIDE_WINDOW);
    const { type = 'text' } = body;
    const medium = (body[type] ?? {}) as Medium;
    if (MEDIA_TYPES.has(type) && medium.id !== undefined && !this.chat.contents.has(medium.id))
      return refused({ status: 400, code: 131053, message: '(#131053) Media upload error' });
    const id = this.chat.take(person, body.biz_opaque_callback_data, (shown) =>
      this.show(person, shown, body),
    );
    return json(200, {
      messaging_product: 'whatsapp',
      contacts: [{ input: body.to, wa_id: person.native }],
      messages: [{ id }],
    });
  }

  private show(person: WhatsAppPerson, id: string, body: MessageBody): void {
    const { type = 'text', context, text, reaction, location } = body;
    const quoted = context?.message_id;
    const about = { id, ...(quoted === undefined ? {} : { target: quoted }) };
    if (type === 'text') return person.receive({ kind: 'text', ...about, text: text?.body ?? '' });
    if (type === 'reaction') {
      const { emoji = '', message_id: target = '' } = reaction ?? {};
      return person.receive({ kind: 'reaction', id, target, emoji: emoji === '' ? [] : [emoji] });
    }
    if (type === 'location') {
      const { latitude = 0, longitude = 0, name } = location ?? {};
      const place = { latitude, longitude, ...(name === undefined ? {} : { name }) };
      return person.receive({ kind: 'location', ...about, place });
    }
    const { id: media = '', caption, filename } = body[type] as Medium;
    const shown = { url: this.chat.shownAt(media), ...(filename === undefined ? {} : { name: filename }) };
    const state = KIND[type as keyof typeof KIND];
    person.receive({
      kind: 'media',
      ...about,
      state,
      media: shown,
      ...(caption === undefined ? {} : { text: caption }),
    });
  }

  private markRead({ message_id: target = '' }: MessageBody): Outgoing {
    const person = this.chat.authors.get(target);
    if (!person) return refused({ status: 400, code: 100, message: '(#100) Invalid parameter' });
    person.seeRead(target);
    return json(200, { success: true });
  }

  private async upload(call: Incoming): Promise<Outgoing> {
    const headers = { 'content-type': call.header('content-type') };
    const form = await new Response(new Uint8Array(call.body), { headers }).formData();
    const file = form.get('file');
    if (!(file instanceof Blob) || form.get('messaging_product') !== 'whatsapp')
      return refused({ status: 400, code: 100, message: '(#100) file and messaging_product are required' });
    const type = form.get('type');
    const bytes = Buffer.from(await file.arrayBuffer());
    return json(200, { id: this.chat.keep({ bytes, type: typeof type === 'string' ? type : file.type }) });
  }

  private medium(method: string, id: string): Outgoing {
    const found = this.chat.contents.get(id);
    if (!found)
      return refused({ status: 400, code: 100, message: `Unsupported ${method.toLowerCase()} request.` });
    const about = { url: this.chat.addressOf(id), mime_type: found.type, file_size: found.bytes.length, id };
    return json(200, { messaging_product: 'whatsapp', ...about });
  }

  private download(id: string | undefined): Outgoing {
    const trouble = this.chat.faults.takeTrouble();
    if (trouble === 'fails') return json(500, {});
    const answer = this.bytes(id ?? '');
    return answer === 'hang-up' ? answer : { ...answer, breaksOff: trouble === 'breaks-off' };
  }

  private bytes(id: string): Outgoing {
    const found = this.chat.contents.get(id);
    return found ? { status: 200, type: found.type, body: found.bytes } : json(404, {});
  }
}

const ABOUT = {
  verified_name: 'Hutong',
  display_phone_number: ACCOUNT_NUMBER,
  quality_rating: 'GREEN',
  id: PHONE_ID,
};

function statusOf(code: number): number {
  if (code === 190) return 401;
  return code === 1 || code === 2 || code === 131000 || code === 131016 ? 500 : code === 80007 ? 429 : 400;
}

function json(status: number, body: object): Outgoing {
  return { status, type: 'application/json; charset=UTF-8', body: JSON.stringify(body) };
}

function refused({ status, code, message, details }: Refused): Outgoing {
  const error_data = details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details } };
  const type = code === 190 ? 'OAuthException' : 'GraphMethodException';
  return json(status, { error: { message, type, code, ...error_data, fbtrace_id: 'AbCdEfGhIjK' } });
}

function bodyIn(bytes: Buffer): MessageBody | undefined {
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof json === 'object' && json !== null ? (json as MessageBody) : undefined;
  } catch {
    return undefined;
  }
}
