/** What a person sees when all is up: where to look, and how to chat. Pure. */
import type { StandaloneFile } from './standalone-file.js';

export function welcome({ console: { url, adminKey }, networks: { xmpp, matrix } }: StandaloneFile): string {
  const lines = ['', `  Console     ${url}/docs`, `  Admin key   ${adminKey}`, ''];
  if (xmpp) {
    lines.push(`  XMPP        any client, server ${xmpp.host}:${xmpp.port}, plain connection allowed`);
    for (const { native, password } of xmpp.accounts)
      lines.push(`                ${native.padEnd(24)} password ${password}`);
    for (const [address, jid] of Object.entries(xmpp.ghostOf))
      lines.push(`                write to ${jid}   (${address})`);
  }
  if (matrix) {
    lines.push(`  Matrix      any client, homeserver ${matrix.baseUrl}`);
    for (const { native, password } of matrix.accounts)
      lines.push(`                ${native.padEnd(24)} password ${password}`);
    for (const [address, id] of Object.entries(matrix.ghostOf))
      lines.push(`                write to ${id}   (${address})`);
  }
  return [...lines, '', '  Ctrl-C stops everything.', '', ''].join('\n');
}
