/** What a person sees when all is up: where to look, and how to chat. Pure. */
import type { NetworkPart } from '#network-manifest';
import { NETWORKS } from './networks.js';
import type { StandaloneFile } from './standalone-file.js';

export function welcome({ console: { url, adminKey, secondAdminKey }, networks }: StandaloneFile): string {
  const lines = ['', `  Console     ${url}/docs`, `  Admin key   ${adminKey}`];
  lines.push(`  Another's   ${secondAdminKey}  (what touches money or routes needs two)`);
  lines.push('');
  for (const { slug, standalone } of NETWORKS) {
    const part = networks[slug];
    if (!part || !standalone) continue;
    if (standalone.welcome)
      lines.push(...standalone.welcome(part), ...people(part.accounts), ...writeTo(part));
    else
      lines.push(
        `  ${slug.padEnd(12)}simulated; be one of its people: npm run phone -- ${slug} ${wordOf(part)}`,
      );
  }
  const rest =
    '  All ways to write to one another are in data/standalone.json. npm run demo plays a conversation.';
  return [...lines, '', rest, '  Ctrl-C stops everything.', '', ''].join('\n');
}

/** Nobody, where only one network runs, or where nobody has an account. */
function writeTo({ accounts, ghostOf }: NetworkPart): string[] {
  const [ghost] = Object.values(ghostOf);
  return ghost === undefined || accounts.length === 0 ? [] : [`                write to ${ghost}`];
}

function wordOf({ accounts: [first] }: NetworkPart): string {
  return first?.word ?? first?.native ?? '';
}

function people(accounts: { native: string; password: string }[]): string[] {
  return accounts.map(({ native, password }) => `                ${native.padEnd(24)} password ${password}`);
}
