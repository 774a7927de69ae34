/** Runs the contract suite against one home: a server of the network under test, and the test network on the far side. */
import { contractSuite, type Expectation, type Stage, type TestNetwork } from '#adapter-contract';
import { network } from '#protocol';
import { fakeGateway } from '../support/fake-gateway.js';
import { HubFixture, restart, type App } from '../support/hub-fixture.js';
import type { Phone } from '#phones';

export const far = network('far');

/** A server of the network under test, with its adapter on the hub and ann's client. */
export interface Home {
  network: string;
  app: App;
  server: { stop(): Promise<unknown> };
  ann: Phone;
  ghostOf(farPerson: string): string;
  channel?: string | undefined;
  unknownMessage?: string;
  failLater?: Stage['failLater'];
}

/**
 * Runs the suite with the test network on the far side; without the engine, every case is a counted skip.
 * @param more declares further tests of this network on the same stage
 */
export function keepsTheContract<Paths>(
  title: string,
  engine: Paths | undefined,
  expected: Expectation,
  open: (hub: HubFixture, paths: Paths) => Promise<Home>,
  more?: (stage: () => Stage) => void,
): void {
  (engine ? describe : describe.skip)(title, () => {
    let hub: HubFixture;
    let farNetwork: TestNetwork;
    let home: Home;
    let stage: Stage;

    beforeAll(async () => {
      hub = await HubFixture.open();
      await hub.switch();
      farNetwork = await hub.testNetwork('far');
      if (engine) home = await open(hub, engine);
      stage = {
        network: home.network,
        ann: home.ann,
        far: farNetwork,
        ghostOf: (person) => home.ghostOf(person),
        thirdParty: await hub.thirdPartyAdapter('far'),
        gateway: await fakeGateway(hub.link, home.network),
        consent: (consent) => hub.consent(consent),
        channel: home.channel,
        ...(home.unknownMessage === undefined ? {} : { unknownMessage: home.unknownMessage }),
        failLater: home.failLater,
        restart: (how) => restart(home.app, how),
      };
    });

    afterAll(async () => {
      await home?.ann.hangUp();
      await hub?.close();
      await home?.server.stop();
      await farNetwork?.close();
    });

    contractSuite(title, expected, () => stage);
    more?.(() => stage);
  });
}
