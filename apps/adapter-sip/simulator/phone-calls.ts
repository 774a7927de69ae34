/** The calls of one phone: one at a time. Its person accepts, declines and hangs up; while they talk it plays a tone. */
import { randomBytes, randomUUID } from 'node:crypto';
import { inBackground, type Act, type Timeline } from '#simulators';
import { addressOf, shownAs } from './addresses.js';
import { addressIn, listIn } from './header-values.js';
import { headerOf, headersOf, neededHeader, type Header, type SipRequest } from './sip-message.js';
import { Sound, soundPlaceIn, type Place } from './sound.js';
import { NoAnswer, type Answer } from './transactions.js';
import { enterDialog, newUsage, type Usage, type UserAgent } from './user-agent.js';

type CallStep = Extract<Act, { do: 'call' }>['how'];

export interface PhoneCallsOptions {
  domain: string;
  contact: () => string;
  timeline: Timeline;
}

interface Call {
  peer: string;
  /** Address of the other side. */
  uri: string;
  usage: Usage;
  sound: Sound | undefined;
  state: 'incoming' | 'outgoing' | 'talking';
  /** Of a call that comes: answers it. */
  respond: (answer: Answer) => void;
  /** Where the caller listens. */
  place: Place | undefined;
  /** Of a call that goes out: gives it up. */
  cancel: () => void;
}

const SDP: Header = ['Content-Type', 'application/sdp'];
const OK: Answer = { status: 200, reason: 'OK' };

export class PhoneCalls {
  private heardBefore = 0;
  private current: Call | undefined;

  constructor(
    private readonly agent: UserAgent,
    private readonly options: PhoneCallsOptions,
  ) {}

  /** Packets of sound that came in this call, or in the last one. */
  get heard(): number {
    return this.current?.sound?.heard ?? this.heardBefore;
  }

  /** @param key that is pressed */
  async act(who: string, how: CallStep, key = ''): Promise<{ id: string }> {
    switch (how) {
      case 'begin':
        return this.begin(who);
      case 'accept':
        return this.accept(this.must('incoming'));
      case 'decline': {
        const call = this.must('incoming');
        call.respond({ status: 603, reason: 'Decline', toTag: call.usage.fromTag });
        return this.over(call, 'declined');
      }
      case 'end':
        return this.hangUp();
      case 'press':
        return this.press(key);
    }
  }

  /** An INVITE: the phone rings. */
  comes(request: SipRequest, respond: (answer: Answer) => void): Answer {
    const from = addressIn(neededHeader(request, 'from'));
    if (this.current) return { status: 486, reason: 'Busy Here' };
    const place = soundPlaceIn(request.body.toString('utf8'));
    if (!place) return { status: 488, reason: 'Not Acceptable Here' };
    const contact = headerOf(request, 'contact');
    const toTag = randomBytes(6).toString('hex');
    const usage: Usage = {
      callId: neededHeader(request, 'call-id'),
      fromTag: toTag,
      cseq: 0,
      toTag: from.parameters['tag'] ?? '',
      target: contact === undefined ? from.uri : addressIn(contact).uri,
      route: headersOf(request, 'record-route').flatMap(listIn),
    };
    const routes = headersOf(request, 'record-route').map((route): Header => ['Record-Route', route]);
    const withRoutes = (answer: Answer): void =>
      respond({ ...answer, headers: [...routes, ...(answer.headers ?? [])] });
    const peer = shownAs(from.uri, this.options.domain);
    this.current = {
      peer,
      uri: from.uri,
      usage,
      place,
      sound: undefined,
      state: 'incoming',
      respond: withRoutes,
      cancel: () => undefined,
    };
    this.see(this.current, 'incoming', from.display);
    return { status: 180, reason: 'Ringing', toTag, headers: [...routes, this.contact()] };
  }

  /** CANCEL or BYE of the other side. */
  ends(request: SipRequest): Answer {
    const call = this.current;
    if (call?.usage.callId !== neededHeader(request, 'call-id'))
      return { status: 481, reason: 'Call/Transaction Does Not Exist' };
    if (request.method === 'CANCEL') {
      call.respond({ status: 487, reason: 'Request Terminated', toTag: call.usage.fromTag });
      this.over(call, 'missed');
    } else this.over(call, 'ended');
    return OK;
  }

  /** Without a word to the other side. */
  close(): void {
    this.current?.sound?.close();
    this.current = undefined;
  }

  private async begin(who: string): Promise<{ id: string }> {
    if (this.current) throw new Error('there is a call already');
    const uri = addressOf(who, this.options.domain);
    const call: Call = {
      peer: who,
      uri,
      usage: newUsage(),
      place: undefined,
      state: 'outgoing',
      sound: await Sound.open(),
      respond: () => undefined,
      cancel: () => undefined,
    };
    this.current = call;
    this.see(call, 'outgoing');
    inBackground('a call', () => this.invite(call));
    return { id: call.usage.callId };
  }

  private async invite(call: Call): Promise<void> {
    try {
      const response = await this.agent.send(call.usage, {
        method: 'INVITE',
        uri: call.uri,
        headers: [this.contact(), SDP],
        body: Buffer.from(call.sound?.session() ?? ''),
        ringing: {
          began: (cancel) => (call.cancel = cancel),
          rings: () => {
            if (this.current === call) this.see(call, 'ringing');
          },
        },
      });
      if (response.status >= 300) return this.ended(call, howOf(response.status));
      enterDialog(call.usage, response);
      this.agent.acknowledge(call.usage, call.uri);
      const place = soundPlaceIn(response.body.toString('utf8'));
      if (this.current === call && place) this.talk(call, place);
      else await this.bye(call);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.ended(call, error.message);
    }
  }

  private async accept(call: Call): Promise<{ id: string }> {
    call.sound = await Sound.open();
    const { fromTag: toTag, callId } = call.usage;
    const body = Buffer.from(call.sound.session(call.place?.keys));
    call.respond({ ...OK, toTag, headers: [this.contact(), SDP], body });
    if (call.place) this.talk(call, call.place);
    return { id: callId };
  }

  private talk(call: Call, place: Place): void {
    call.state = 'talking';
    call.sound?.play(place);
    this.see(call, 'talking');
  }

  private async hangUp(): Promise<{ id: string }> {
    const call = this.current;
    if (!call) throw new Error('there is no call');
    if (call.state === 'incoming') return this.act(call.peer, 'decline');
    if (call.state === 'outgoing') call.cancel();
    else await this.bye(call);
    return this.over(call, 'ended');
  }

  private press(key: string): { id: string } {
    const call = this.current;
    if (call?.state !== 'talking') throw new Error('a key is pressed in a call');
    if (!call.sound?.press(key)) throw new Error('the other side takes no keys');
    return { id: call.usage.callId };
  }

  private async bye(call: Call): Promise<void> {
    await this.agent.send(call.usage, { method: 'BYE', uri: call.uri });
  }

  private ended(call: Call, how: string): void {
    if (this.current === call) this.over(call, how);
  }

  private over(call: Call, how: string): { id: string } {
    this.heardBefore = call.sound?.heard ?? 0;
    call.sound?.close();
    if (this.current === call) this.current = undefined;
    this.see(call, 'over', undefined, how);
    return { id: call.usage.callId };
  }

  private must(state: Call['state']): Call {
    if (this.current?.state !== state) throw new Error('the phone does not ring');
    return this.current;
  }

  private contact(): Header {
    return ['Contact', `<${this.options.contact()}>`];
  }

  private see({ peer: from, usage }: Call, state: string, name = '', text?: string): void {
    this.options.timeline.see({
      kind: 'call',
      from,
      id: randomUUID(),
      target: usage.callId,
      state,
      ...(name === '' ? {} : { name }),
      ...(text === undefined ? {} : { text }),
    });
  }
}

function howOf(status: number): string {
  switch (status) {
    case 486:
    case 600:
    case 603:
      return 'declined';
    case 408:
    case 480:
      return 'no answer';
    default:
      return String(status);
  }
}
