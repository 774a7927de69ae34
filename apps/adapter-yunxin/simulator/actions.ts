/** The server API, action by action. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '#simulators';
import { json, type Incoming, type Outgoing } from '#simulators';
import { unguessable } from '#simulators';
import { ActionError } from './action-error.js';
import type { Exchange } from './exchange.js';
import type { Gate } from './gate.js';
import { contentOfBody } from './message-type.js';
import { Uploads } from './uploads.js';
import type { YunxinPerson } from './yunxin-person.js';

export const ACCID = /^[\w.@-]{1,32}$/;

const MOST_IN_HISTORY = 100;

type Answer = Record<string, unknown>;
type Work = (form: URLSearchParams) => Answer;

/** The only action whose body is not a form. */
const FILE_UPLOAD = 'msg/fileUpload';

export class Actions {
  private readonly uploads: Uploads;

  constructor(
    private readonly exchange: Exchange,
    private readonly gate: Gate,
    private readonly faults: Faults,
  ) {
    this.uploads = new Uploads(exchange.nos);
  }

  async answer(call: Incoming): Promise<Outgoing> {
    const action = call.path.replace(/^\/nimserver\//, '').replace(/\.action$/, '');
    const isFile = action === FILE_UPLOAD;
    const work = this.work[action];
    if ((!work && !isFile) || call.method !== 'POST') {
      return { status: 404, type: 'text/plain', body: 'no such action' };
    }
    try {
      this.gate.check(call);
      const encoding = isFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
      if (!call.header('content-type').startsWith(encoding)) {
        throw new ActionError(414, 'bad http header: Content-Type');
      }
      if (!work) return json({ code: 200, ...(await this.uploads.ofParts(call)) });
      const form = new URLSearchParams(call.body.toString());
      if (call.path.endsWith('/sendMsg.action')) return await this.withFaults(() => work(form));
      return json({ code: 200, ...work(form) });
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      return json({ code: error.code, desc: error.message });
    }
  }

  private readonly work: Record<string, Work> = {
    'user/create': (form) => this.create(form),
    'user/updateUinfo': (form) => this.update(form),
    'user/getUinfos': (form) => this.lookUp(form),
    'msg/sendMsg': (form) => this.sendMsg(form),
    'msg/recall': (form) => this.recall(form),
    'history/querySessionMsg': (form) => this.history(form),
    'msg/upload': (form) => this.uploads.ofForm(form),
    'friend/add': (form) => this.addFriend(form),
  };

  private async withFaults(work: () => Answer): Promise<Outgoing> {
    const silence = this.faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const refusal = this.faults.takeRefusal();
    if (refusal !== undefined) throw new ActionError(refusal, 'refused');
    const answer = work();
    await sleep(this.faults.takeDelay(), undefined, { ref: false });
    return silence === 'taken' ? 'hang-up' : json({ code: 200, ...answer });
  }

  private create(form: URLSearchParams): Answer {
    const accid = need(form, 'accid');
    if (!ACCID.test(accid)) throw new ActionError(414, 'accid is invalid');
    if (this.exchange.find(accid)) throw new ActionError(414, 'already register');
    const person = this.exchange.register(accid, '');
    setInfo(person, form);
    const token = form.get('token') ?? unguessable(32);
    return { info: { token, accid: person.native, name: person.name } };
  }

  private update(form: URLSearchParams): Answer {
    setInfo(this.exchange.get(need(form, 'accid')), form);
    return {};
  }

  private lookUp(form: URLSearchParams): Answer {
    const people = accidsOf(need(form, 'accids')).flatMap((accid) => this.exchange.find(accid) ?? []);
    if (people.length === 0) throw new ActionError(414, 'not register');
    return { uinfos: people.map(({ native, name, icon }) => ({ accid: native, name, icon })) };
  }

  private sendMsg(form: URLSearchParams): Answer {
    const ope = need(form, 'ope');
    if (ope === '1') throw new ActionError(803, 'team not exist');
    if (ope !== '0') throw new ActionError(414, 'ope error');
    const content = contentOfBody(need(form, 'type'), need(form, 'body'));
    const ext = form.get('ext') ?? '';
    if (ext.length > 1024) throw new ActionError(405, 'ext too long');
    const message = this.exchange.send(need(form, 'from'), need(form, 'to'), content, {
      clientType: 'REST',
      route: optionsOf(form).route !== false,
      ext,
    });
    return { data: { msgid: JSON.rawJSON(String(message.id)), timetag: message.at, antispam: false } };
  }

  private recall(form: URLSearchParams): Answer {
    const id = idOf(need(form, 'deleteMsgid'));
    need(form, 'timetag');
    if (need(form, 'type') !== '7') throw new ActionError(414, 'type error');
    this.exchange.recall(id, need(form, 'from'), need(form, 'to'), form.get('ignoreTime') === '1');
    return {};
  }

  private history(form: URLSearchParams): Answer {
    const [begin, end] = [Number(need(form, 'begintime')), Number(need(form, 'endtime'))];
    if (!(begin < end)) throw new ActionError(414, 'bad time');
    const limit = Number(need(form, 'limit'));
    if (!(limit > 0 && limit <= MOST_IN_HISTORY)) throw new ActionError(414, 'limit error');
    const found = this.exchange.between(need(form, 'from'), need(form, 'to'), begin, end);
    const latestFirst = form.get('reverse') !== '1';
    const msgs = (latestFirst ? found.toReversed() : found).slice(0, limit).map((message) => ({
      from: message.from,
      msgid: JSON.rawJSON(String(message.id)),
      sendtime: message.at,
      type: Number(message.content.type.number),
      body: message.content.attach,
      ...(message.ext === '' ? {} : { ext: message.ext }),
    }));
    return { size: msgs.length, msgs };
  }

  private addFriend(form: URLSearchParams): Answer {
    const person = this.exchange.get(need(form, 'accid'));
    const friend = this.exchange.get(need(form, 'faccid'));
    const type = need(form, 'type');
    const kind = { 1: 'accepted', 2: 'request', 3: 'accepted', 4: 'denied' }[type] as
      'accepted' | 'request' | 'denied' | undefined;
    if (!kind) throw new ActionError(414, 'type error');
    if (kind === 'accepted') person.befriend(friend);
    friend.seeFriendship(kind, person, form.get('msg') ?? '');
    return {};
  }
}

function need(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw new ActionError(414, `${name} is missing`);
  return value;
}

/** @throws ActionError 414 for what is no number */
function idOf(text: string): bigint {
  if (!/^\d{1,19}$/.test(text)) throw new ActionError(414, 'deleteMsgid error');
  return BigInt(text);
}

function setInfo(person: YunxinPerson, form: URLSearchParams): void {
  person.name = form.get('name') ?? person.name;
  person.icon = form.get('icon') ?? person.icon;
}

function accidsOf(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ActionError(414, 'accids is not a json array');
  }
  if (Array.isArray(value)) return value.map(String);
  throw new ActionError(414, 'accids is not a json array');
}

function optionsOf(form: URLSearchParams): { route?: unknown } {
  try {
    return JSON.parse(form.get('option') ?? '{}') as { route?: unknown };
  } catch {
    throw new ActionError(414, 'option is not json');
  }
}
