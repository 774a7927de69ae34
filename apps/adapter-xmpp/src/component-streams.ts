/**
 * The component streams: one for each live network. A network that was registered while the XMPP server runs has no component
 * there yet: the server's link module adds one, or messages from that network are refused until somebody configures it.
 */
import { xml } from '@xmpp/component';
import {
  HubError,
  isOffered,
  isReserved,
  networkOf,
  toHubError,
  type Address,
  type Network,
} from '#protocol';
import { runInBackground, type Log } from '#service';
import { networkDomain } from './jids.js';
import { NS } from './namespaces.js';
import { componentPort, type XmppSettings } from './xmpp.config.js';
import { XmppConnection } from './xmpp.connection.js';

const TASK = 'component streams';

export class ComponentStreams {
  private readonly connections = new Map<Network, XmppConnection>();

  constructor(
    private readonly settings: XmppSettings,
    private readonly log: Log,
    private readonly opened: (connection: XmppConnection) => void,
  ) {}

  /** One stream is enough: a domain that the server does not know must not hold up the others. */
  connected(): boolean {
    // A server may have no component for what is no member (numbers), and that alone carries nobody's words.
    const members = [...this.connections].filter(([network]) => !isReserved(network));
    // Before any other network has joined there is nobody whose words could be carried, and nothing to wait for.
    const counted = members.length > 0 ? members : [...this.connections];
    return counted.some(([, { connected }]) => connected);
  }

  /** A stream for every live network; one for a network that left stays until the next start. */
  serve(peers: Network[]): void {
    for (const peer of peers) {
      if (this.connections.has(peer)) continue;
      const connection = this.open(peer);
      this.connections.set(peer, connection);
      this.opened(connection);
      connection.start();
    }
  }

  /**
   * @throws HubError 92 while the server refuses this network's component, which ends with the operator, not by waiting;
   * 91 before the first answer of the server
   */
  to(ghost: Address): XmppConnection {
    const peer = networkOf(ghost);
    const connection = this.connections.get(peer);
    if (!connection) throw new HubError('91', `no component for ${peer} yet`);
    if (connection.refused !== undefined)
      throw new HubError('92', `the XMPP server has no component for ${peer}: ${connection.refused}`);
    return connection;
  }

  /** undefined: none yet. */
  find(ghost: Address): XmppConnection | undefined {
    return this.connections.get(networkOf(ghost));
  }

  all(): Iterable<XmppConnection> {
    return this.connections.values();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.stop()));
  }

  private open(peer: Network): XmppConnection {
    const {
      XMPP_HOST: host,
      XMPP_COMPONENT_SECRET: secret,
      XMPP_SERVER_DOMAIN: serverDomain,
      XMPP_COMPONENT_DOMAIN: parent,
    } = this.settings;
    const port = componentPort(this.settings, peer);
    const domain = networkDomain(peer, parent);
    const connection = new XmppConnection({ host, port, domain, secret, serverDomain }, this.log);
    if (!isOffered(peer))
      connection.on('up', () => runInBackground(TASK, this.log, () => this.unlist(connection)));
    connection.on('refused', () => runInBackground(TASK, this.log, () => this.add(connection)));
    connection.on('ready', () => {
      for (const one of this.connections.values())
        if (one.refused !== undefined) runInBackground(TASK, this.log, () => this.add(one));
    });
    return connection;
  }

  /** Asks the server's link module to leave the component out of what clients find by service discovery, if it runs. */
  private async unlist(connection: XmppConnection): Promise<void> {
    const { domain } = connection.options;
    try {
      if (!(await connection.holdsBackDuplicates())) return;
      await connection.ask(domain, xml('unlisted', { xmlns: NS.link }), { type: 'set' });
    } catch (error) {
      this.log.warn({ domain, reason: toHubError(error).detail }, 'the server lists the component');
    }
  }

  /** Asks the server's link module, on a stream that stands, for a component. */
  private async add(missing: XmppConnection): Promise<void> {
    const via = [...this.connections.values()].find(({ connected, reliable }) => connected && reliable);
    if (!via) return;
    const { domain } = missing.options;
    try {
      await via.ask(via.options.domain, xml('serve', { xmlns: NS.link, domain }), { type: 'set' });
    } catch (error) {
      this.log.debug({ domain, reason: toHubError(error).detail }, 'the server adds no component');
      return;
    }
    missing.dialAgain();
  }
}
