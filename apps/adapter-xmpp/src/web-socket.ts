/**
 * Where a client connects that speaks XMPP through a WebSocket (RFC 7395). Prosody finds the virtual host by the name in the
 * address, and everything else on this port belongs to the upload service: the domain must therefore resolve to this machine.
 */
export function webSocketAddress(domain: string, port: number): string {
  return `ws://${domain}:${port}/xmpp-websocket`;
}
