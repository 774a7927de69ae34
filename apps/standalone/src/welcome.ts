/** What a person sees when all is up: where to look, and how to chat. Pure. */
import type { StandaloneFile } from './standalone-file.js';

export function welcome({ console: { url, adminKey, secondAdminKey }, networks }: StandaloneFile): string {
  const { xmpp, matrix, fetion, wechat, yixin, feiliao, sandbox } = networks;
  const lines = ['', `  Console     ${url}/docs`, `  Admin key   ${adminKey}`];
  lines.push(`  Another's   ${secondAdminKey}  (what touches money or routes needs two)`);
  lines.push('');
  if (xmpp) {
    lines.push(`  XMPP        any client, server ${xmpp.host}:${xmpp.port}, plain connection allowed`);
    if (xmpp.tls)
      lines.push(
        `                TLS too, once the client trusts ${xmpp.tls.authorityFile} (docs/xmpp-clients.md)`,
      );
    lines.push(...people(xmpp.accounts), ...writeTo(xmpp.ghostOf));
  }
  if (matrix) {
    lines.push(`  Matrix      any client, homeserver ${matrix.baseUrl}`);
    lines.push(...people(matrix.accounts), ...writeTo(matrix.ghostOf));
  }
  for (const [name, part] of Object.entries({ fetion, wechat, yixin, feiliao }))
    if (part)
      lines.push(
        `  ${name.padEnd(12)}simulated; be one of its people: npm run phone -- ${name} ${part.accounts[0]?.word ?? part.accounts[0]?.native ?? ''}`,
      );
  if (sandbox)
    lines.push(
      `  sandbox     your own network, over the open interface: ${sandbox.url}/open/v1/openapi.json`,
    );
  const rest =
    '  All ways to write to one another are in data/standalone.json. npm run demo plays a conversation.';
  return [...lines, '', rest, '  Ctrl-C stops everything.', '', ''].join('\n');
}

/** Nobody, where only one network runs. */
function writeTo(ghostOf: Record<string, string>): string[] {
  const [ghost] = Object.values(ghostOf);
  return ghost === undefined ? [] : [`                write to ${ghost}`];
}

function people(accounts: { native: string; password: string }[]): string[] {
  return accounts.map(({ native, password }) => `                ${native.padEnd(24)} password ${password}`);
}
