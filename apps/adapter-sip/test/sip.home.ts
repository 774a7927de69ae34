/** Simulated softphones, registered with the real adapter on a hub. */
import type { Expectation } from '#adapter-contract';
import { freePort } from '#engines';
import { network, type Address } from '#protocol';
import { NO_ROOMS, type SimulatedHome } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { SipSimulator, type SipOptions } from '../simulator/index.js';
import { SIP_CAPABILITIES } from '../src/sip.capabilities.js';
import { Uris } from '../src/uris.js';

export const DOMAIN = 'youxin.localhost';
const PASSWORD = 'a-secret';
/** People of the plays. */
const PEOPLE = ['ann', 'bea'];

export const youxin: Expectation = {
  capabilities: SIP_CAPABILITIES,
  annCan: ['type', 'markRead', 'rename'],
  without: {
    reply: 'a MESSAGE does not name the message that it answers',
    look: 'a softphone shows no pictures of people',
  },
  hasNoRooms: NO_ROOMS,
  hasNoOddity:
    'a phone sends text, and what else it might send is answered with 415: sip.connection.int-spec',
  hasNoLateFailure: 'a phone that answers 200 shows the message; only a network behind the trunk fails later',
  ghosts: true,
  saysUnknown: ({ text }) => (text ?? '').includes('（14）'),
  sendsAtMostOnce: 'SIP has no message id that every phone knows again',
};

export function settingsOf(hub: HubFixture, port: number): NodeJS.ProcessEnv {
  return {
    SIP_DOMAIN: DOMAIN,
    SIP_HOST: '127.0.0.1',
    SIP_PUBLIC_HOST: '127.0.0.1',
    SIP_PORT: String(port),
    SIP_MIN_EXPIRES: '1',
    SIP_ACCOUNTS: hub.file(
      'sip-accounts',
      PEOPLE.map((user) => `${user} ${PASSWORD} ${user.toUpperCase()}`).join('\n'),
    ),
  };
}

export function openPhones(port: number, options: Partial<SipOptions> = {}): Promise<SipSimulator> {
  const registrar = `sip:127.0.0.1:${port}`;
  return SipSimulator.open({ domain: DOMAIN, registrar, password: PASSWORD, ...options });
}

export async function sipHome(
  hub: HubFixture,
  options: Partial<SipOptions> = {},
): Promise<SimulatedHome & { simulator: SipSimulator }> {
  const port = await freePort();
  const app = await hub.app('adapter-sip', 'dist/apps/adapter-sip/src/main.js', {
    NATS_CREDS: await hub.admit('youxin'),
    ...settingsOf(hub, port),
  });
  const simulator = await openPhones(port, options);
  const uris = new Uris(network('youxin'), DOMAIN, undefined);
  return {
    network: 'youxin',
    app,
    simulator,
    channel: undefined,
    person: (user) => simulator.person(user),
    signIn: (person) => simulator.person(person.native).whenRegistered(),
    ghostOf: (_, foreign: Address) => uris.ghost(foreign).uri,
    stop: () => simulator.close(),
  };
}
