/** The account and the people who write to it: messages, attachments, the window of 48 hours, and the part of the API about them. */
import { Clock, type Faults, type Incoming, type Outgoing } from '#simulators';
import type { Told } from './callback-forms.js';
import type { CallbackSender } from './callback-sender.js';
import { fileId } from './ids.js';
import { WeiboPerson } from './weibo-person.js';

const WINDOW_MS = 48 * 3600_000;
const MOST_CHARACTERS = 300;
/** Events that open the window, as a message does. */
const OPENS = new Set<unknown>(['follow', 'subscribe', 'scan', 'scan_follow', 'click']);

interface Refused {
  status: number;
  code: number;
  error: string;
}
const NO_TOKEN: Refused = { status: 403, code: 21332, error: 'invalid_access_token' };
const WRONG: Refused = { status: 400, code: 10008, error: 'Param error, see doc for more info' };
const NOBODY: Refused = { status: 400, code: 20003, error: 'User does not exists!' };
const CLOSED: Refused = { status: 403, code: 26403, error: 'no quota for this receiver' };

export class FansService {
  readonly clock = new Clock();
  readonly people = new Map<string, WeiboPerson>();
  /** Messages that were refused because there were too many, and calls with a wrong token. */
  flooded = 0;
  withoutToken = 0;
  private floodsUntil = 0;
  private readonly files = new Map<string, { bytes: Buffer; type: string }>();

  constructor(
    readonly callbacks: CallbackSender,
    readonly faults: Faults,
    public token: string,
  ) {}

  person(uid: string): WeiboPerson {
    const known = this.people.get(uid);
    if (known) return known;
    const person = new WeiboPerson(uid, this);
    this.people.set(uid, person);
    return person;
  }

  /** A person sends something. @returns the number that their client gives to it */
  tell(person: WeiboPerson, told: Omit<Told, 'sender' | 'at'>): string {
    if (told.type !== 'event' || OPENS.has(told.data?.['subtype'])) person.openedAt = this.clock.now();
    const all = { ...told, sender: person.native, at: new Date() };
    this.callbacks.enqueue(all, (text) => person.receive(text));
    return person.nextId();
  }

  keep(bytes: Buffer, type: string): string {
    const fid = fileId();
    this.files.set(fid, { bytes, type });
    return fid;
  }

  /** For a time, by the clock of the simulator, every message is refused with HTTP 429. */
  flood(ms: number): void {
    this.floodsUntil = this.clock.now() + ms;
  }

  async answer(call: Incoming): Promise<Outgoing> {
    const parameters = call.method === 'POST' ? new URLSearchParams(call.body.toString('utf8')) : call.query;
    const of = (name: string) => parameters.get(name) ?? call.query.get(name) ?? '';
    if (of('access_token') !== this.token) {
      this.withoutToken++;
      return refused(NO_TOKEN);
    }
    switch (`${call.method} ${call.path}`) {
      case 'POST /2/eps/push/set_format.json':
        return this.setFormat(of('format'));
      case 'POST /2/messages/reply.json':
        return this.reply(call, of);
      case 'GET /2/eps/user/info.json':
        return this.about(of('uid'));
      case 'GET /2/mss/msget':
        return this.file(of('fid'));
      default:
        return refused({ status: 404, code: 10020, error: 'Request api not found' });
    }
  }

  private setFormat(format: string): Outgoing {
    if (format !== 'json' && format !== 'xml') return refused(WRONG);
    this.callbacks.form = format;
    return ok({ result: true });
  }

  private async reply(call: Incoming, of: (name: string) => string): Promise<Outgoing> {
    const silence = this.faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const answer = this.message(call, of);
    const delay = this.faults.takeDelay();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref());
    return silence === 'taken' ? 'hang-up' : answer;
  }

  private message(call: Incoming, of: (name: string) => string): Outgoing {
    if (this.clock.now() < this.floodsUntil) {
      this.flooded++;
      return refused({ status: 429, code: 10023, error: 'User requests out of rate limit!' });
    }
    const trouble = this.faults.takeRefusal();
    if (trouble !== undefined) return refused({ status: 403, code: trouble, error: 'refused by the test' });
    const isForm = call.header('content-type').startsWith('application/x-www-form-urlencoded');
    const text = textIn(of('data'));
    if (!isForm || of('type') !== 'text' || text === undefined || text.trim() === '') return refused(WRONG);
    if (text.length >= MOST_CHARACTERS) return refused({ ...WRONG, code: 20012, error: 'Text too long' });
    const person = this.people.get(of('receiver_id'));
    if (!person) return refused(NOBODY);
    const open = person.openedAt !== undefined && this.clock.now() - person.openedAt < WINDOW_MS;
    if (!open || !person.follows) return refused(CLOSED);
    person.receive(text);
    return ok({ result: true, receiver_id: person.native, type: 'text', data: of('data') });
  }

  private about(uid: string): Outgoing {
    const person = this.people.get(uid);
    if (!person) return refused(NOBODY);
    const follow = person.follows ? 1 : 0;
    const { name: nickname, picture: headimgurl } = person;
    return ok({ id: Number(uid), follow, subscribe: follow, ...(follow ? { nickname, headimgurl } : {}) });
  }

  private file(fid: string): Outgoing {
    const trouble = this.faults.takeTrouble();
    if (trouble === 'fails') return refused({ status: 500, code: 10001, error: 'System error' });
    const found = this.files.get(fid);
    if (!found) return refused({ status: 404, code: 10020, error: 'no such file' });
    return { status: 200, type: found.type, body: found.bytes, breaksOff: trouble === 'breaks-off' };
  }
}

function textIn(data: string): string | undefined {
  try {
    const { text } = JSON.parse(data) as { text?: unknown };
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function ok(body: object): Outgoing {
  return { status: 200, type: 'application/json;charset=UTF-8', body: JSON.stringify(body) };
}

function refused({ status, code, error }: Refused): Outgoing {
  const body = JSON.stringify({ error, error_code: code, request: '/2' });
  return { status, type: 'application/json;charset=UTF-8', body };
}
