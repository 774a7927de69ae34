/**
 * mod_hutong_link in a real Prosody: a message that may have been delivered before is shown once, whichever host the server
 * activates first.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xml, type Element } from '@xmpp/component';
import { pino } from 'pino';
import { until } from '../../../test/support/hub-fixture.js';
import { prosodyOrSkip, startProsody } from '../../../test/support/prosody.js';
import { XmppPhone } from '../phone/xmpp.phone.js';
import { NS } from './namespaces.js';
import { XmppConnection } from './xmpp.connection.js';

const COMPONENTS = Array.from({ length: 3 }, (_, n) => `net${n}.hub.localhost`);
const SECRET = 'the secret of the components';
const prosodyPaths = await prosodyOrSkip();

function said(domain: string, id: string, text: string, uncertain: boolean): Element {
  const mark = xml('uncertain', { xmlns: NS.link, since: '2020-01-01T00:00:00Z' });
  return xml(
    'message',
    { from: `bob@${domain}`, to: 'alice@localhost', type: 'chat', id },
    xml('body', {}, text),
    ...(uncertain ? [mark] : []),
  );
}

(prosodyPaths ? test : test.skip)(
  'for every component, a message that comes twice is shown once, also when the host of its users was activated later',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-link-'));
    const { server, c2sPort, componentPort, shell } = await startProsody(
      {
        root: prosodyPaths?.root ?? '',
        folder,
        domain: 'localhost',
        components: COMPONENTS,
        secret: SECRET,
        plugins: join(process.cwd(), 'docker', 'prosody'),
      },
      { alice: 'alicepw' },
    );
    // Prosody activates hosts in another order at every start. Now the host of people comes after the components.
    await shell('host', 'deactivate', 'localhost');
    await shell('host', 'activate', 'localhost');
    const alice = await XmppPhone.dial({
      host: '127.0.0.1',
      port: c2sPort,
      domain: 'localhost',
      user: 'alice',
      password: 'alicepw',
    });
    const connections = COMPONENTS.map(
      (domain) =>
        new XmppConnection(
          { host: '127.0.0.1', port: componentPort, domain, secret: SECRET, serverDomain: 'localhost' },
          pino({ level: 'silent' }),
        ),
    );
    for (const connection of connections) connection.start();
    await until('all components', () => connections.every(({ connected }) => connected));

    for (const connection of connections) {
      const { domain } = connection.options;
      expect(await connection.holdsBackDuplicates()).toBe(true);
      await connection.deliver(said(domain, `first-${domain}`, `first ${domain}`, false));
      await connection.deliver(said(domain, `first-${domain}`, `first ${domain}`, true));
      await connection.deliver(said(domain, `second-${domain}`, `second ${domain}`, true));
      await connection.deliver(said(domain, `second-${domain}`, `second ${domain}`, true));
      await connection.deliver(said(domain, `last-${domain}`, `last ${domain}`, false));
    }
    const heard = () => alice.timeline.flatMap(({ kind, text }) => (kind === 'text' ? [text] : []));
    await until('the last one', () => heard().includes(`last ${COMPONENTS.at(-1)}`));
    expect(heard()).toEqual(
      COMPONENTS.flatMap((domain) => ['first', 'second', 'last'].map((n) => `${n} ${domain}`)),
    );

    await alice.hangUp();
    for (const connection of connections) await connection.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  },
);
