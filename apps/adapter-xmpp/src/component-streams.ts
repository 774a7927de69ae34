/**
 * The component streams: one for each live network. A network that was registered while the XMPP server runs has no
 * component there: the server's link module adds one. Without the module, messages from that network are refused until an
 * operator configures the component.
 */
import { xml } from '@xmpp/component';
import { Connectivity } from '#adapter-kit';
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
  /** Connected with one stream: a domain that the server does not know must not block the other networks. */
  readonly connectivity = new Connectivity();
  private readonly connections = new Map<Network, XmppConnection>();

  constructor(
    private readonly settings: XmppSettings,
    private readonly log: Log,
    private readonly opened: (connection: XmppConnection) => void,
  ) {}

  /** Opens a stream for every live network. The stream of a network that left stays open until the next start. */
  serve(peers: Network[]): void {
    for (const peer of peers) {
      if (this.connections.has(peer)) continue;
      const connection = this.open(peer);
      this.connections.set(peer, connection);
      this.changed();
      this.opened(connection);
      connection.start();
    }
  }

  /**
   * @throws HubError 92 while the server refuses this network's component (the operator has to configure it);
   * 91 before the server's first answer
   */
  to(ghost: Address): XmppConnection {
    const peer = networkOf(ghost);
    const connection = this.connections.get(peer);
    if (!connection) throw new HubError('91', `no component for ${peer} yet`);
    if (connection.refused !== undefined)
      throw new HubError('92', `the XMPP server has no component for ${peer}: ${connection.refused}`);
    return connection;
  }

  /** @returns undefined if the network has no stream yet */
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
    connection.on('up', () => this.changed());
    connection.on('down', () => this.changed());
    if (!isOffered(peer))
      connection.on('up', () => runInBackground(TASK, this.log, () => this.unlist(connection)));
    connection.on('refused', () => runInBackground(TASK, this.log, () => this.add(connection)));
    connection.on('ready', () => {
      for (const one of this.connections.values())
        if (one.refused !== undefined) runInBackground(TASK, this.log, () => this.add(one));
    });
    return connection;
  }

  /** A stream was opened or lost, or another one is needed. */
  private changed(): void {
    // Components of reserved networks (numbers) are optional and carry no messages of people.
    const members = [...this.connections].filter(([network]) => !isReserved(network));
    // If no other network has joined, the reserved ones decide.
    const counted = members.length > 0 ? members : [...this.connections];
    this.connectivity.connected = counted.some(([, { connected }]) => connected);
  }

  /** Asks the server's link module, if present, to hide the component from service discovery. */
  private async unlist(connection: XmppConnection): Promise<void> {
    const { domain } = connection.options;
    try {
      if (!(await connection.holdsBackDuplicates())) return;
      await connection.ask(domain, xml('unlisted', { xmlns: NS.link }), { type: 'set' });
    } catch (error) {
      this.log.warn(
        { domain, reason: toHubError(error).detail },
        'server did not hide the component from discovery',
      );
    }
  }

  /** Asks the server's link module, over a connected stream, to add a component. */
  private async add(missing: XmppConnection): Promise<void> {
    const via = [...this.connections.values()].find(({ connected, reliable }) => connected && reliable);
    if (!via) return;
    const { domain } = missing.options;
    try {
      await via.ask(via.options.domain, xml('serve', { xmlns: NS.link, domain }), { type: 'set' });
    } catch (error) {
      this.log.debug({ domain, reason: toHubError(error).detail }, 'server did not add the component');
      return;
    }
    missing.dialAgain();
  }
}
