/** A simulated carrier with the real adapter on a hub. */
import { freePort } from '#engines';
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { numberOf, SmsSimulator, type SmsOptions, type SmsProtocol } from '../simulator/index.js';

export const CODE = '10690001';

/** In the lengths that each protocol has. */
const ACCOUNTS: Record<SmsProtocol, { account: string; secret: string }> = {
  smpp: { account: 'hutong', secret: 'secret' },
  cmpp: { account: '900001', secret: 'shared secret' },
  sgip: { account: 'hutong', secret: 'secret' },
  smgp: { account: '12345678', secret: 'shared secret' },
};

export interface SmsHome extends SimulatedHome {
  carrier: SmsSimulator;
}

export function openCarrier(protocol: SmsProtocol, more: Partial<SmsOptions> = {}): Promise<SmsSimulator> {
  return SmsSimulator.open({ protocol, ...ACCOUNTS[protocol], service: CODE, ...more });
}

/** @param listen SGIP: where the gateway reaches the adapter */
export function settingsOf(
  protocol: SmsProtocol,
  { host, port, listen }: { host: string; port: string; listen: number },
): NodeJS.ProcessEnv {
  const { account, secret } = ACCOUNTS[protocol];
  const common = {
    SMS_PROFILE: protocol,
    SMS_CODE: CODE,
    SMS_HOST: host,
    SMS_PORT: port,
    SMS_RESPONSE_MS: '3000',
  };
  switch (protocol) {
    case 'smpp':
      return { ...common, SMS_SYSTEM_ID: account, SMS_PASSWORD: secret };
    case 'cmpp':
      return { ...common, SMS_ACCOUNT: account, SMS_SECRET: secret, SMS_VERSION: '3.0' };
    case 'smgp':
      return { ...common, SMS_ACCOUNT: account, SMS_SECRET: secret };
    case 'sgip': {
      const node = { SMS_NODE: '3010012345', SMS_CORPORATION_ID: '12345' };
      const way = { SMS_LISTEN_HOST: '127.0.0.1', SMS_LISTEN_PORT: String(listen) };
      return { ...common, ...node, ...way, SMS_ACCOUNT: account, SMS_SECRET: secret };
    }
  }
}

export async function smsHome(
  hub: HubFixture,
  protocol: SmsProtocol,
  more: Partial<SmsOptions> = {},
  through: Through = straight,
): Promise<SmsHome> {
  const listen = protocol === 'sgip' ? await freePort() : 0;
  const carrier = await openCarrier(protocol, { ...(listen > 0 ? { servicePort: listen } : {}), ...more });
  const { hostname: host, port } = new URL(await through(`http://127.0.0.1:${carrier.carrierPort}`));
  const app = await hub.app('adapter-sms', 'dist/apps/adapter-sms/src/main.js', {
    NATS_CREDS: await hub.admit('sms'),
    ...settingsOf(protocol, { host, port, listen }),
  });
  return {
    network: 'sms',
    app,
    carrier,
    channel: CODE,
    person: (word) => carrier.person(numberOf(word)),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => carrier.close(),
  };
}
