/** XMPP servers as homes for ann. */
import { join } from 'node:path';
import { everything, LOCAL_ABILITIES } from '#adapter-contract';
import { ejabberd, ejabberdAccount, ejabberdSends, freePort, type Child } from '#engines';
import { addressOf } from '#protocol';
import { ghostJid } from '../src/jids.js';
import { xmppCapabilities } from '../src/xmpp.capabilities.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { startProsody } from '../../../test/support/prosody.js';
import { XmppPhone } from '../phone/xmpp.phone.js';
import { far, type Home } from '../../../test/contract/keeps-the-contract.js';

/** The folder of `mod_hutong_link`. */
export const plugins = join(process.cwd(), 'docker', 'prosody');

const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** Without an upload service: media come as words here, and the pairs of `test/media` have one. */
export const onXmpp = {
  hasNoRooms: 'a conversation of two is a chat between two accounts; rooms (XEP-0045) are for groups',
  hasNoLateFailure:
    'Prosody returns a delivered message when the device of its recipient vanishes: late-bounce.e2e-spec plays that; ejabberd is told to',
  ...everything(xmppCapabilities(undefined)),
  annCan: LOCAL_ABILITIES.filter((ability) => ability !== 'sendFile'),
};

/** Ann's client at the server that listens there. */
export function annAt(port: number): Promise<XmppPhone> {
  return XmppPhone.dial({ host: '127.0.0.1', port, domain: 'localhost', user: 'ann', password: 'annpw' });
}

async function xmppHome(
  hub: HubFixture,
  server: Child,
  c2sPort: number,
  componentPort: number,
): Promise<Home & { ann: XmppPhone }> {
  await hub.serveSignOn(['far', 'xmpp']);
  const app = await hub.app('adapter-xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
    NATS_CREDS: await hub.admit('xmpp'),
    XMPP_COMPONENT_PORTS: `far:${componentPort}`,
    XMPP_COMPONENT_DOMAIN: 'hub.localhost',
    XMPP_COMPONENT_SECRET: 'component-secret',
    XMPP_PROFILE_SECONDS: '1',
    XMPP_SERVER_DOMAIN: 'localhost',
  });
  const ann = await annAt(c2sPort);
  return {
    network: 'xmpp',
    app,
    server,
    ann,
    ghostOf: (person) => ghostJid(addressOf(far, person), 'hub.localhost').jid,
  };
}

export async function onProsody(
  hub: HubFixture,
  root: string,
  plugins: string | undefined,
  more: { forgetful?: true } = {},
): Promise<Home & { ann: XmppPhone }> {
  const options = {
    root,
    folder: join(hub.folder, 'prosody'),
    domain: 'localhost',
    components: ['far.hub.localhost'],
    secret: 'component-secret',
    ...(plugins ? { plugins } : {}),
    ...more,
  };
  const { server, c2sPort, componentPort } = await startProsody(options, { ann: 'annpw' });
  return xmppHome(hub, server, c2sPort, componentPort);
}

export async function onEjabberd(hub: HubFixture, root: string): Promise<Home> {
  const [c2sPort, apiPort, componentPort] = [await freePort(), await freePort(), await freePort()];
  const options = {
    root,
    folder: join(hub.folder, 'ejabberd'),
    c2sPort,
    apiPort,
    domain: 'localhost',
    components: [{ domain: 'far.hub.localhost', port: componentPort }],
    secret: 'component-secret',
  };
  const server = ejabberd(options);
  await server.start();
  await ejabberdAccount(options, 'ann', 'annpw');
  const home = await xmppHome(hub, server, c2sPort, componentPort);
  // As the server does when the device of a person is gone: from the bare address, under the id of the message.
  const failLater: Home['failLater'] = ({ from, id }) => {
    const error = `<error type='cancel'><item-not-found xmlns='${STANZAS}'/></error>`;
    const stanza = `<message type='error' id='${id}'>${error}</message>`;
    return ejabberdSends(options, { from: 'ann@localhost', to: from, stanza });
  };
  return { ...home, failLater };
}
