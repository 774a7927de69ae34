/** A simulated network behind the open interface, with the real adapter on a hub. */
import { freePort } from '#engines';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { OpenNetwork } from '../simulator/index.js';

export const OPEN_KEY = 'a key that two parties share, 32+ characters';

export async function openHome(
  hub: HubFixture,
  transport: 'webhook' | 'socket',
  through: Through = straight,
): Promise<SimulatedHome & { service: OpenNetwork }> {
  const service = await OpenNetwork.open({ name: 'open', key: OPEN_KEY, transport });
  const port = await freePort();
  service.connect(`http://127.0.0.1:${port}`);
  const app = await hub.app('adapter-open', 'dist/apps/adapter-open/src/main.js', {
    NATS_CREDS: await hub.admit('open'),
    NETWORK: 'open',
    HTTP_PORT: String(port),
    OPEN_KEY,
    ...(transport === 'webhook'
      ? { OPEN_WEBHOOK_URL: await throughWithPath(service.webhookUrl, through) }
      : {}),
  });
  return {
    network: 'open',
    app,
    service,
    channel: undefined,
    person: (id) => service.person(id),
    ghostOf: (_, foreign) => foreign,
    failLater: (person, { from, id }) => service.failLater(person.native, from, id),
    stop: () => service.close(),
  };
}

async function throughWithPath(url: string, through: Through): Promise<string> {
  const { origin, pathname } = new URL(url);
  return `${await through(origin)}${pathname}`;
}
