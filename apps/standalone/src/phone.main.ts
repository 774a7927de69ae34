/** `npm run phone -- <network> <person>`: a terminal phone for anybody on a simulated network. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openIdOf, RemotePerson } from '#simulators';
import { HELP_IN_CHAT, presenceInWords, readCommand, shownSight } from './phone.js';
import type { SimulatedPart, StandaloneFile } from './standalone-file.js';

const HELP = `npm run phone -- <network> <person>: be somebody on a simulated network of a running installation.

  npm run phone -- fetion 13800138000
  npm run phone -- wechat li            (a word stands for the OpenID made of it)
  npm run phone -- feiliao +8613900139000

HUTONG_DATA names the data folder of the installation (default ./data).
`;

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
});
const [network, who] = positionals;
if (values.help || network === undefined || who === undefined) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 1);
}
const path = join(resolve(process.env['HUTONG_DATA'] ?? 'data'), 'standalone.json');
if (!existsSync(path)) fail(`nothing runs in ${path}: start it with npm start, or set HUTONG_DATA`);
const { networks } = JSON.parse(readFileSync(path, 'utf8')) as StandaloneFile;
const part = (networks as Record<string, Partial<SimulatedPart> | undefined>)[network];
if (!part?.usersUrl) {
  const simulated = Object.entries(networks).flatMap(([slug, one]) => ('usersUrl' in one ? [slug] : []));
  fail(`"${network}" is not simulated here; these are: ${simulated.join(', ')}`);
}

const native = (network === 'wechat' || network === 'yixin') && who.length < 20 ? openIdOf(who) : who;
const person = await RemotePerson.find(part.usersUrl, network, native).catch((error: Error) =>
  fail(error.message),
);
const terminal = createInterface({
  input: process.stdin,
  output: process.stdout,
  prompt: `${person.name}> `,
});
let peer = part.channel;

function say(text: string): void {
  process.stdout.write(`\r\u001B[K${text}\n`);
  terminal.prompt(true);
}

// That he sent something he knows; that it failed is worth a line.
person.onSight((sight) => {
  if (sight.kind !== 'sent') say(shownSight(sight));
});
say(`${person.name} on ${network}. /help says what you can do.`);
if (peer !== undefined) say(`You write to ${peer}, the account that reaches everybody: @person@network text`);

terminal.on('line', (line) => {
  carryOut(line).catch((error: Error) => say(`\u001B[31m${error.message}\u001B[0m`));
});
terminal.on('close', () => {
  person.close();
  process.exit(0);
});

async function carryOut(line: string): Promise<void> {
  const command = readCommand(line, peer, (n) => person.timeline.find((sight) => sight.n === n));
  switch (command.do) {
    case 'nothing':
      return terminal.prompt();
    case 'help':
      return say(HELP_IN_CHAT);
    case 'quit':
      return terminal.close();
    case 'wrong':
      return say(command.why);
    case 'to':
      peer = command.peer;
      return say(`You write to ${peer}.`);
    case 'contacts': {
      const contacts = await person.contacts();
      return say(
        contacts
          .map(({ native: id, name, state }) => `  ${id.padEnd(28)} ${name}  ${presenceInWords(state)}`)
          .join('\n') || '  nobody yet',
      );
    }
    case 'act':
      await person.act(command.act);
      return terminal.prompt();
  }
}
