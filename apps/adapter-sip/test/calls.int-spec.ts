/** Calls: several phones of one person, strangers, limits, and what becomes of a call that nobody takes. */
import { silentLog } from '#service';
import { freePort } from '#engines';
import type { Address, EventId, ReportEvent } from '#protocol';
import { until } from '../../../test/support/until.js';
import { inviteRequest } from '../src/calls/invite-request.js';
import { withSession } from '../src/calls/established.js';
import { parseChallenge, printCredentials } from '../src/stack/digest.js';
import { answer, newTag, SipEndpoint, type ReceivedInvite } from '../src/stack/sip-endpoint.js';
import { header, type Header, type SipRequest, type SipResponse } from '../src/stack/sip-message.js';
import { sessionAt } from '../../../test/support/rtp-peer.js';
import { ALICE, ALICE_HERE, ANN, BEA, DOMAIN, PASSWORD, SipStage } from './stage.js';

const MALLORY = 'im:mallory@far' as Address;

/** A telephone on the stack of the adapter, which does what the test says. */
class Telephone {
  readonly requests: SipRequest[] = [];
  readonly invites: ReceivedInvite[] = [];
  cancels = 0;

  private constructor(
    private readonly endpoint: SipEndpoint,
    private readonly user: string,
    private readonly server: number,
  ) {}

  static async open(user: string, stage: SipStage): Promise<Telephone> {
    const telephone: { current?: Telephone } = {};
    const endpoint = await SipEndpoint.open({
      log: silentLog,
      host: '127.0.0.1',
      publicHost: '127.0.0.1',
      port: await freePort(),
      handle: (request) => {
        telephone.current?.requests.push(request);
        return Promise.resolve(answer(request, 200));
      },
      invited: (invite) => {
        invite.onCancel(() => {
          if (telephone.current) telephone.current.cancels++;
          invite.respond(answer(invite.request, 487));
        });
        telephone.current?.invites.push(invite);
        invite.respond(answer(invite.request, 180));
        return Promise.resolve();
      },
      confirmed: (request) => void telephone.current?.requests.push(request),
      flowClosed: () => undefined,
    });
    telephone.current = new Telephone(endpoint, user, stage.port);
    await telephone.current.register();
    return telephone.current;
  }

  get contact(): string {
    return `<sip:${this.user}@127.0.0.1:${this.endpoint.port}>`;
  }

  async invited(): Promise<ReceivedInvite> {
    await until('a call', () => this.invites.length > 0);
    const invite = this.invites.shift();
    if (!invite) throw new Error('no call');
    return invite;
  }

  accept(invite: ReceivedInvite, port = 4000): void {
    invite.respond(withSession(invite.request, sessionAt(port), this.contact, newTag()));
  }

  async hears(method: string): Promise<void> {
    await until(method, () => this.requests.some((request) => request.method === method));
  }

  /** Calls somebody. @returns the statuses, as they come */
  async call(to: string): Promise<{ statuses: number[]; cancel: () => void }> {
    const statuses: number[] = [];
    const parts = { uri: to, from: this.aor, name: undefined, to, callId: newTag(), offer: sessionAt(4000) };
    const request = inviteRequest({ ...parts, contact: this.contact });
    const flow = await this.endpoint.flowTo('UDP', '127.0.0.1', this.server);
    const call = { cancel: (): void => undefined };
    const send = (signed: SipRequest): void => {
      const invitation = this.endpoint.invite(signed, flow, {
        failed: () => void statuses.push(0),
        response: (response, asked) => {
          if (response.status === 407) send(this.signed(asked, response, 'proxy-authenticate'));
          else if (response.status > 100) statuses.push(response.status);
        },
      });
      call.cancel = () => invitation.cancel();
    };
    send(request);
    return { statuses, cancel: () => call.cancel() };
  }

  close(): Promise<void> {
    return this.endpoint.close();
  }

  private get aor(): string {
    return `sip:${this.user}@${DOMAIN}`;
  }

  private async register(): Promise<void> {
    const flow = await this.endpoint.flowTo('UDP', '127.0.0.1', this.server);
    const headers: Header[] = [
      ['max-forwards', '70'],
      ['from', `<${this.aor}>;tag=${newTag()}`],
      ['to', `<${this.aor}>`],
      ['call-id', newTag()],
      ['cseq', '1 REGISTER'],
      ['contact', this.contact],
    ];
    const request: SipRequest = {
      kind: 'request',
      method: 'REGISTER',
      uri: `sip:${DOMAIN}`,
      headers,
      body: Buffer.alloc(0),
    };
    const asked = await this.endpoint.request(request, flow);
    const done = await this.endpoint.request(this.signed(request, asked, 'www-authenticate'), flow);
    expect(done.status).toBe(200);
  }

  private signed(request: SipRequest, response: SipResponse, name: string): SipRequest {
    const challenge = parseChallenge(header(response, name) ?? '');
    if (!challenge) throw new Error('no challenge');
    const { method, uri } = request;
    const of = { user: this.user, password: PASSWORD, method, uri };
    const field = name === 'proxy-authenticate' ? 'proxy-authorization' : 'authorization';
    const headers = request.headers
      .filter(([known]) => known !== 'via')
      .map(([known, value]): Header => [known, known === 'cseq' ? `2 ${method}` : value]);
    return {
      ...request,
      headers: [...headers, [field, printCredentials(challenge, of, { nc: 1, cnonce: 'c' })]],
    };
  }
}

let stage: SipStage;
let telephones: Telephone[];

beforeEach(async () => {
  stage = await SipStage.open();
  telephones = [];
});
afterEach(async () => {
  await stage.close();
  for (const telephone of telephones) await telephone.close();
});

async function aTelephone(user: string): Promise<Telephone> {
  const telephone = await Telephone.open(user, stage);
  telephones.push(telephone);
  return telephone;
}

/** Words about calls that wait for a phone of this person. */
const kept = async (user: string) =>
  ((await stage.double.hub.memory.get(`missed.${Buffer.from(user).toString('base64url')}`)) ?? []) as {
    count: number;
  }[];

const acts = () => stage.calls.map(({ action }) => action);

test('all phones of a person ring; the first that accepts has the call, and a late one is hung up on', async () => {
  const [desk, pocket, late] = [await aTelephone(ANN), await aTelephone(ANN), await aTelephone(ANN)];
  const call = await stage.call(ANN, sessionAt(5000));
  const invites = [await desk.invited(), await pocket.invited(), await late.invited()] as const;
  desk.accept(invites[0], 4001);
  // Its acceptance and our CANCEL pass each other.
  late.accept(invites[2], 4003);
  await desk.hears('ACK');
  await until('the pocket stops ringing', () => pocket.cancels === 1);
  await late.hears('ACK');
  await late.hears('BYE');
  expect((await stage.untilCalled('accepted')).session).toBe(sessionAt(4001));
  expect(acts().filter((action) => action === 'accepted')).toHaveLength(1);
  await stage.inCall(ANN, { call, action: 'ended' });
  await desk.hears('BYE');
  expect(stage.callsNow).toBe(0);
});

test('whoever is called by number answers under their own address, and nobody else after that', async () => {
  const phone = await aTelephone(ANN);
  const { statuses } = await phone.call(`sip:+8613800138000@${DOMAIN};user=phone`);
  const invite = await stage.untilCalled('invite');
  expect(invite.to).toBe('im:%2B8613800138000@tel');
  const call = stage.idOf(invite);
  await stage.inCall(ANN, { call, action: 'ringing', from: ALICE });
  await stage.inCall(ANN, { call, action: 'declined', from: MALLORY });
  await stage.inCall(ANN, { call, action: 'accepted', session: sessionAt(5000), from: ALICE });
  await until('an answer', () => statuses.includes(200));
  expect(statuses).toEqual([180, 200]);
  await stage.inCall(ANN, { call, action: 'ended', from: ALICE });
  await phone.hears('BYE');
});

test('only the two people of a call act on it', async () => {
  const phone = await aTelephone(ANN);
  const call = await stage.call(ANN, sessionAt(5000));
  const invite = await phone.invited();
  await stage.inCall(ANN, { call, action: 'cancelled', from: MALLORY });
  await stage.inCall(BEA, { call, action: 'cancelled' });
  await stage.inCall(ANN, { call: 'another-call' as EventId, action: 'cancelled' });
  phone.accept(invite);
  await stage.untilCalled('accepted');
  expect(phone.cancels).toBe(0);
});

test('the same invitation again, also after its end, does not ring again', async () => {
  const phone = await aTelephone(ANN);
  const id = await stage.call(ANN, sessionAt(5000));
  const event = { id, action: 'invite', session: sessionAt(5000) } as const;
  await stage.again(ANN, event);
  const invite = await phone.invited();
  invite.respond(answer(invite.request, 603));
  await stage.untilCalled('declined');
  await stage.again(ANN, event);
  expect(phone.invites).toEqual([]);
});

test.each([
  [603, 'declined'],
  [486, 'declined'],
  [480, 'missed'],
  [302, 'missed'],
  [500, 'missed'],
] as const)('a phone that answers a call with %i: %s', async (status, action) => {
  const phone = await aTelephone(ANN);
  const call = await stage.call(ANN, sessionAt(5000));
  const invite = await phone.invited();
  invite.respond(answer(invite.request, status));
  expect(await stage.untilCalled(action)).toMatchObject({ call });
});

test('nobody is there: the caller learns it at once', async () => {
  const call = await stage.call(ANN, sessionAt(5000));
  expect(await stage.untilCalled('missed')).toMatchObject({ call, to: ALICE });
});

test('a person without a phone reads of the calls when one registers, also at the next process, and once', async () => {
  for (let nth = 1; nth <= 2; nth++) {
    await stage.call(ANN, sessionAt(5000));
    await stage.untilCalled('missed', nth);
  }
  await stage.call(ANN, undefined);
  await until('the words to be kept', async () => (await kept(ANN))[0]?.count === 3);
  await stage.restart();
  const phone = await aTelephone(ANN);
  await phone.hears('MESSAGE');
  const [words] = phone.requests;
  expect(words && header(words, 'from')).toContain(ALICE_HERE);
  expect(words && new Date(header(words, 'date') ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000);
  await until('nothing to be kept', async () => (await kept(ANN)).length === 0);
  const later = await aTelephone(ANN);
  await stage.deliver(ANN, 'the next that she reads');
  await until('the message', () => later.requests.length > 0 && phone.requests.length > 1);
  expect(phone.requests.map(({ body }) => body.toString())).toEqual([
    '（未接来电） ×3',
    expect.stringContaining('the next'),
  ]);
  expect(later.requests).toHaveLength(1);
});

test('a person without a phone reads that a neighbour called', async () => {
  const ann = await aTelephone(ANN);
  const { statuses } = await ann.call(`sip:${BEA}@${DOMAIN}`);
  await until('the end', () => statuses.includes(480));
  const bea = await aTelephone(BEA);
  await bea.hears('MESSAGE');
  expect(bea.requests.map((request) => [header(request, 'from'), request.body.toString()])).toEqual([
    [expect.stringContaining(`<sip:${ANN}@${DOMAIN}>`), '（未接来电）'],
  ]);
});

test('a number is not called unless the trunk may: it costs money', async () => {
  await expect(stage.call('+8613800138000', sessionAt(5000))).rejects.toMatchObject({ code: '14' });
});

test('a call without sound, or with a description for a stranger, is shown as missed, and does not ring', async () => {
  const phone = await aTelephone(ANN);
  await stage.call(ANN, undefined);
  await stage.call(ANN, sessionAt(5000).replace('c=IN IP4 127.0.0.1', 'c=IN IP4 224.0.0.1'));
  expect(phone.requests.map(({ body }) => body.toString())).toEqual(['（未接来电）', '（未接来电）']);
  expect(phone.invites).toEqual([]);
});

test('a person who calls hears that it rings, that nobody answers, and reads so', async () => {
  const phone = await aTelephone(ANN);
  const { statuses } = await phone.call(ALICE_HERE);
  const call = stage.idOf(await stage.untilCalled('invite'));
  await stage.inCall(ANN, { call, action: 'ringing' });
  await stage.inCall(ANN, { call, action: 'missed' });
  await until('the end', () => statuses.includes(480));
  expect(statuses).toEqual([180, 480]);
  await until('the words', () => phone.requests.some(({ body }) => body.toString() === '（未接听通话）'));
});

test.each([
  { how: 'is declined', action: 'declined', status: 603 },
  { how: 'fails with 14', code: '14', status: 404 },
  { how: 'fails with 91', code: '91', status: 480 },
] as const)('a call that $how ends with $status', async ({ status, ...how }) => {
  const phone = await aTelephone(ANN);
  const { statuses } = await phone.call(ALICE_HERE);
  const call = stage.idOf(await stage.untilCalled('invite'));
  if (how.action) await stage.inCall(ANN, { call, action: how.action });
  else {
    const data = { message: call, code: how.code, from: { address: ALICE }, to: `im:${ANN}@youxin` };
    await stage.adapter.showReport({ id: 'report', data } as unknown as ReportEvent);
  }
  await until('the end', () => statuses.length > 0);
  expect([statuses, stage.callsNow]).toEqual([[status], 0]);
});

test('a person reads nothing about an event of a call that did not arrive', async () => {
  const phone = await aTelephone(ANN);
  const { statuses, cancel } = await phone.call(ALICE_HERE);
  const call = stage.idOf(await stage.untilCalled('invite'));
  await stage.inCall(ANN, { call, action: 'ringing' });
  await until('ringing', () => statuses.includes(180));
  cancel();
  await stage.untilCalled('cancelled');
  await until('the end', () => statuses.includes(487));
  const data = { message: call, code: '14', from: { address: ALICE }, to: `im:${ANN}@youxin` };
  await stage.adapter.showReport({ id: 'report', data } as unknown as ReportEvent);
  await stage.deliver(ANN, 'the next that she reads');
  expect(phone.requests.map(({ body }) => body.toString())).toEqual([
    expect.stringContaining('the next that she reads'),
  ]);
});

test('two people of this network talk without the hub', async () => {
  const [ann, bea] = [await aTelephone(ANN), await aTelephone(BEA)];
  const { statuses } = await ann.call(`sip:${BEA}@${DOMAIN}`);
  bea.accept(await bea.invited());
  await until('an answer', () => statuses.includes(200));
  await bea.hears('ACK');
  expect(stage.calls).toEqual([]);
});

test('a fifth call of one person is refused', async () => {
  const phone = await aTelephone(ANN);
  for (let nth = 1; nth <= 4; nth++) {
    await phone.call(ALICE_HERE);
    await stage.untilCalled('invite', nth);
  }
  const { statuses } = await phone.call(ALICE_HERE);
  await until('a refusal', () => statuses.includes(486));
});

test('a stop hangs up on both sides', async () => {
  const phone = await aTelephone(ANN);
  const call = await stage.call(ANN, sessionAt(5000));
  phone.accept(await phone.invited());
  await stage.untilCalled('accepted');
  await stage.restart();
  await phone.hears('BYE');
  expect(await stage.untilCalled('ended')).toMatchObject({ call });
});
