/** The text that `npm start` prints when everything is ready: where the console is, and how to write a first message. */
import type { NetworkPart } from '#network-manifest';
import { NETWORKS } from './networks.js';
import type { StandaloneFile } from './standalone-file.js';

/** @param path of the file that describes the installation */
export function welcome({ console, networks, wall }: StandaloneFile, path: string): string {
  const { url, adminKey, secondAdminKey, adminPassword, secondAdminPassword } = console;
  const lines = [''];
  if (wall) lines.push(`  Phones      ${wall.url}`);
  lines.push(`  Console     ${url}/  sign in as first-admin, password ${adminPassword}`);
  lines.push(`              or as second-admin, password ${secondAdminPassword}`);
  lines.push(`  API         ${url}/docs`, `  Admin key   ${adminKey}`);
  lines.push(
    `  Second key  ${secondAdminKey}  (of another admin: changes of money or routes need two people)`,
  );
  lines.push('');
  for (const { slug, standalone } of NETWORKS) {
    const part = networks[slug];
    if (!part || !standalone) continue;
    if (standalone.welcome)
      lines.push(...standalone.welcome(part), ...people(part.accounts), ...writeTo(part));
    else
      lines.push(
        `  ${slug.padEnd(12)}simulated; ${standalone.person?.onlyCalls ? 'answer one of its telephones' : 'write as one of its people'}: npm run phone -- ${slug} ${wordOf(part)}`,
      );
  }
  const rest = `  All accounts and addresses are in ${path}. npm run demo shows a conversation across the networks.`;
  return [...lines, '', rest, '  Ctrl-C stops everything.', '', ''].join('\n');
}

/** The address of a person on another network; empty if only one network runs or the network has no accounts. */
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
