/** `npm run phone -- <network> <person>`: a phone in the terminal for a person on a simulated network. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { beginPairing } from '#phones';
import { inBackground, RemotePerson } from '#simulators';
import type { Simulator } from '#network-manifest';
import { NETWORKS } from './networks.js';
import { TerminalPhone } from './phone/terminal-phone.js';
import { WORDS, type Language } from './phone/words.js';
import type { StandaloneFile } from './standalone-file.js';

const HELP = `npm run phone -- <network> <person> [--language en|zh]: a phone in the terminal, for a person on a simulated network.

${simulatedNetworks()}

Hutong must be running (npm start). The default language is that of the network. docs/phone.md lists the commands.
HUTONG_DATA is the data folder of the installation (default: ./data).
`;

/** A line for each simulated network. */
function simulatedNetworks(): string {
  return NETWORKS.flatMap(({ slug, standalone }) =>
    standalone?.simulator ? [`  npm run phone -- ${slug} ${exampleOf(standalone.simulator)}`] : [],
  ).join('\n');
}

function exampleOf(simulator: Simulator): string {
  const { example } = simulator;
  return 'nativeOf' in simulator ? `${example} (a short name; the native id is derived from it)` : example;
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function isLanguage(text: string): text is Language {
  return Object.hasOwn(WORDS, text);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, language: { type: 'string' } },
});
const [network, who] = positionals;
if (values.help || network === undefined || who === undefined) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 1);
}
const path = join(resolve(process.env['HUTONG_DATA'] ?? 'data'), 'standalone.json');
if (!existsSync(path)) fail(`nothing runs in ${path}: start it with npm start, or set HUTONG_DATA`);
const { networks, console: hub } = JSON.parse(readFileSync(path, 'utf8')) as StandaloneFile;
const part = networks[network];
if (!part?.usersUrl) {
  const simulated = Object.entries(networks).flatMap(([slug, one]) => ('usersUrl' in one ? [slug] : []));
  fail(`"${network}" is not simulated here; these are: ${simulated.join(', ')}`);
}
const language = values.language ?? part.language ?? 'en';
if (!isLanguage(language)) fail(`--language: the phone speaks ${Object.keys(WORDS).join(' and ')}`);

const simulator = NETWORKS.find(({ slug }) => slug === network)?.standalone?.simulator;
const native = simulator?.nativeOf?.(who) ?? who;
const person = await RemotePerson.find(part.usersUrl, network, native).catch((error: Error) =>
  fail(error.message),
);
const isTerminal = process.stdout.isTTY;
const terminal = createInterface({
  input: process.stdin,
  output: process.stdout,
  prompt: isTerminal ? `${person.name}> ` : '',
});
let hungUp = false;

const phone = new TerminalPhone(person, {
  words: WORDS[language],
  network,
  channel: part.channel,
  // npm changes to the folder of the project, but file names are relative to the folder in which the command was typed.
  folder: process.env['INIT_CWD'] ?? process.cwd(),
  colours: isTerminal,
  pairingCode: () => beginPairing(hub, network),
  print(text) {
    process.stdout.write(isTerminal ? `\r\u001B[K${text}\n` : `${text}\n`);
    if (!hungUp) terminal.prompt(true);
  },
});

terminal.on('line', (line) => {
  inBackground('line of the phone', async () => {
    if (await phone.type(line)) terminal.close();
    else if (!hungUp) terminal.prompt();
  });
});
terminal.on('close', () => {
  hungUp = true;
  inBackground('end of the phone', async () => {
    await phone.idle();
    person.close();
    process.exit(0);
  });
});
phone.start();
