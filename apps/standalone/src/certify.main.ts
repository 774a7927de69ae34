/** `npm run certify -- --network <slug> --loopback <native id>`: starts the certification of an adapter and prints its results. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ASKS, type Ask } from '#certification/report';
import { caseLine, isDone, summaryLines } from './certification-lines.js';
import { ConsoleClient, type Certification } from './console-client.js';
import { readStandaloneFile, type StandaloneFile } from './standalone-file.js';

const HELP = `npm run certify -- --network <slug> --loopback <native id>: certifies the adapter of a network that is signed on.

  --network <slug>        slug of the network
  --loopback <native id>  account on the native network that answers every message with the same text
  --stranger <native id>  id that nobody has on the native network; default: derived from the loopback account
  --restart <command>     shell command that kills the adapter (SIGKILL) and starts it again; run when the case asks for it
  --second-instance <command>
                          shell command that starts a second instance of the adapter; run when the case asks for it
  --console <URL>         URL of the console; default: the console of the installation in HUTONG_DATA
  --key <key>             API key of an admin or of the operator of the network; default: CONSOLE_KEY

It prints a link with which anybody can open the report for 30 days.
Exit code 0: the adapter reached level 1 or more; 1: it did not. docs/certification.md lists the test cases.
HUTONG_DATA is the data folder of the installation (default: ./data).
`;
const POLL_MS = 250;

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function installed(): StandaloneFile['console'] {
  const folder = resolve(process.env['HUTONG_DATA'] ?? 'data');
  const here = readStandaloneFile(folder);
  if (!here)
    fail(
      `no exchange runs in ${folder}: start one (npm start), set HUTONG_DATA, or give --console and --key`,
    );
  return here.console;
}

function clientFor(url: string | undefined, key = process.env['CONSOLE_KEY']): ConsoleClient {
  // The key of the local installation is not sent to another console.
  if (url !== undefined) return new ConsoleClient(url, key ?? fail('--console needs --key, or CONSOLE_KEY'));
  const here = installed();
  return new ConsoleClient(here.url, key ?? here.adminKey);
}

/** Runs a command in the background. Its output is that of this process. */
function run(command: string): void {
  say(`running: ${command}`);
  const child = spawn(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  child.on('error', (error) => say(`the command failed: ${error.message}`));
  child.on('exit', (code) => {
    if (code !== 0) say(`the command ended with ${code ?? 'a signal'}: ${command}`);
  });
  child.unref();
}

/** @param commands by what the report asks for */
async function follow(
  client: ConsoleClient,
  network: string,
  id: string,
  commands: ReadonlyMap<Ask, string>,
): Promise<Certification> {
  const asked = new Set<Ask>();
  for (let told = 0; ;) {
    const now = await client.certification(network, id);
    for (const { asks } of now.report.cases) {
      const command = asks && commands.get(asks);
      if (asks === undefined || command === undefined || asked.has(asks)) continue;
      asked.add(asks);
      run(command);
    }
    for (const one of now.report.cases.filter(isDone).slice(told)) {
      say(caseLine(one));
      told++;
    }
    if (now.state !== 'running') return now;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    network: { type: 'string' },
    loopback: { type: 'string' },
    stranger: { type: 'string' },
    restart: { type: 'string' },
    'second-instance': { type: 'string' },
    console: { type: 'string' },
    key: { type: 'string' },
  },
});
const { network, loopback, stranger } = values;
if (values.help || network === undefined || loopback === undefined) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 1);
}
try {
  const client = clientFor(values.console, values.key);
  const commands = new Map(ASKS.flatMap((ask): [Ask, string][] => (values[ask] ? [[ask, values[ask]]] : [])));
  const id = await client.startCertification(network, {
    loopback,
    ...(stranger ? { stranger } : {}),
    offers: [...commands.keys()],
  });
  say(`certification ${id} of ${network}`);
  const { state, report } = await follow(client, network, id, commands);
  say(
    ['', ...summaryLines(report), `${state}, report: ${await client.shareCertification(network, id)}`].join(
      '\n',
    ),
  );
  process.exit(state === 'passed' ? 0 : 1);
} catch (error) {
  fail((error as Error).message);
}
