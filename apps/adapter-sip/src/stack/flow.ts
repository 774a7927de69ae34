/** Where a message came from and how the peer is reached: a datagram address, or one connection. */

export type TransportName = 'UDP' | 'TCP' | 'TLS' | 'WS' | 'WSS';

export interface Flow {
  /** The same for everything that comes from the same address or connection. */
  readonly id: string;
  readonly transport: TransportName;
  /** The transport itself repeats what was lost: no timers of ours. */
  readonly reliable: boolean;
  readonly remote: { readonly address: string; readonly port: number };
  readonly open: boolean;
  /** Resolves when the peer, or the network, has taken the bytes: a slow peer slows its sender. @throws HubError 91 */
  send(bytes: Buffer): Promise<void>;
}

/** What a transport hands on. The promise resolves when the message has been dealt with: a stream is not read before. */
export type Received = (bytes: Buffer, flow: Flow) => Promise<void>;
