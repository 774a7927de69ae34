/** Writes the files of a production bus: the seeds, the configuration of nats-server, and the credentials of the services. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BusAuthority } from '#bus';
import { busFiles } from './bus-files.js';
import { alreadyThere, seedsIn, writeFiles } from './write-files.js';

const HELP = `Usage: node dist/apps/console/src/bus-setup/bus-setup.main.js --out FOLDER [--tls] [--owner UID:GID]

Writes one folder for each service, which only its owner can read:
  console/authority.json   seeds of the bus accounts; BUS_AUTHORITY of the console
  <service>/hub.creds      NATS_CREDS of console, switch, recorder, clearing and media-gateway; those of media-gateway can only
                           read attachments
  nats/nats-server.conf    configuration of nats-server; with --tls it uses /tls/server.crt and /tls/server.key

  --out FOLDER     where the folders are written
  --tls            nats-server accepts connections with TLS only
  --owner UID:GID  owner of the folders of the apps

Existing files are not overwritten. If FOLDER has the seeds of an earlier run, only missing files are written.
`;

function refuse(text: string): never {
  process.stderr.write(text);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    tls: { type: 'boolean', default: false },
    owner: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (values.out === undefined) refuse(HELP);
const owner = values.owner === undefined ? undefined : /^(\d+):(\d+)$/.exec(values.owner);
if (owner === null) refuse('--owner: expected UID:GID, as 1000:1000\n');

const { out } = values;
const seeds = seedsIn(out);
const files = await busFiles(seeds ? new BusAuthority(seeds) : BusAuthority.create(), { tls: values.tls });
const there = alreadyThere(out, files);
if (!seeds && there.length > 0)
  refuse(`${there.join(', ')}: exist, but the seeds that they were made with do not; nothing was changed\n`);
const missing = Object.fromEntries(
  Object.entries(files).filter(([name]) => !there.includes(join(out, name))),
);
if (Object.keys(missing).length === 0)
  process.stderr.write(`${there.join(', ')}: exist already; nothing was changed\n`);
const by = owner ? { uid: Number(owner[1]), gid: Number(owner[2]) } : undefined;
for (const path of writeFiles(out, missing, by)) process.stdout.write(`${path}\n`);
