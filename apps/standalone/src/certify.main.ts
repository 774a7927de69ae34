/** `npm run certify -- --network <slug> --loopback <native id>`: starts the certification of an adapter and prints its results. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { caseLine, isDone, summaryLines } from './certification-lines.js';
import { ConsoleClient, type Certification } from './console-client.js';
import { readStandaloneFile, type StandaloneFile } from './standalone-file.js';

const HELP = `npm run certify -- --network <slug> --loopback <native id>: certifies the adapter of a network that is signed on.

  --network <slug>        slug of the network
  --loopback <native id>  account on the native network that answers every message with the same text
  --stranger <native id>  id that nobody has on the native network; default: derived from the loopback account
  --console <URL>         URL of the console; default: the console of the installation in HUTONG_DATA
  --key <key>             API key of an admin or of the operator of the network; default: CONSOLE_KEY

Exit code 0: the adapter reached level 1 or more; 1: it did not. docs/certification.md lists the test cases.
HUTONG_DATA is the data folder of the installation (default: ./data).
`;
const POLL_MS = 500;

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

async function follow(client: ConsoleClient, network: string, id: string): Promise<Certification> {
  for (let told = 0; ;) {
    const now = await client.certification(network, id);
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
  const id = await client.startCertification(network, { loopback, ...(stranger ? { stranger } : {}) });
  say(`certification ${id} of ${network}`);
  const { state, report } = await follow(client, network, id);
  say(
    [
      '',
      ...summaryLines(report),
      `${state}: ${client.url}/v1/networks/${network}/certifications/${id}/page`,
    ].join('\n'),
  );
  process.exit(state === 'passed' ? 0 : 1);
} catch (error) {
  fail((error as Error).message);
}
