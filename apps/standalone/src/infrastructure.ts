/** Starts the servers that all apps share, nats-server, PostgreSQL and Janus, and finds the converters. A server that is given by its URL is used as it is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BusAuthority } from '#bus/bus-authority';
import {
  findFfmpeg,
  findJanus,
  findNatsServer,
  findPostgres,
  janus,
  natsAccountsFolder,
  natsServer,
  postgres,
  postgresUrl,
  required,
  type Say,
} from '#engines';
import { smallDatabase } from './small-database.js';
import type { StartContext } from './start-context.js';
import { USUAL_PORTS } from './usual-ports.js';

/** @returns its URL */
export async function startNats(
  { installation, supervisor }: StartContext,
  authority: BusAuthority,
): Promise<string> {
  const given = process.env['NATS_URL'];
  if (given) return given;
  const { folder, ports, say } = installation;
  const found = required('nats-server', await findNatsServer(say));
  const options = {
    program: found.paths.program,
    folder: join(folder, 'nats'),
    port: await ports.choose('nats', USUAL_PORTS.nats),
    monitorPort: await ports.choose('nats-monitor', USUAL_PORTS['nats-monitor']),
    trust: await authority.serverConfig(natsAccountsFolder(join(folder, 'nats'))),
  };
  await supervisor.run((onCrash) => natsServer(options, onCrash));
  say(`nats-server ${found.version} on port ${options.port}`);
  return `nats://127.0.0.1:${options.port}`;
}

/** @returns the URL of its database */
export async function startPostgres({ installation, supervisor }: StartContext): Promise<string> {
  const given = process.env['DATABASE_URL'];
  if (given) return given;
  const { ports, say } = installation;
  const found = required('PostgreSQL', findPostgres(say));
  const port = await ports.choose('postgres', USUAL_PORTS.postgres);
  // A data folder belongs to one major version of PostgreSQL.
  const folder = join(installation.folder, `postgres-${found.version.split('.')[0]}`);
  if (!existsSync(folder)) say('creating the database (some seconds, once) ...');
  const options = { bin: found.paths.bin, folder, port, settings: smallDatabase(found.version) };
  await supervisor.run((onCrash) => postgres(options, onCrash));
  say(`PostgreSQL ${found.version} on port ${port}`);
  return postgresUrl(port, 'hutong');
}

/** UDP ports of calls: above those of other servers, and above those that the system gives to clients. */
const CALL_PORTS = { rtp: [61_000, 62_999], browsers: [63_000, 65_000] } as const;

/** Janus, for call pages; without it people of most networks get calls in words. @returns settings of the media gateway */
export async function startJanus({
  installation,
  supervisor,
  secrets,
}: StartContext): Promise<Record<string, string>> {
  const { folder, ports, say } = installation;
  if (process.env['HUTONG_CALLS'] === 'off') return {};
  const found = await findJanus(say);
  if (found.kind !== 'found') {
    say(`no call page: Janus is not available: ${found.why}. ${found.remedy}`);
    return {};
  }
  const options = {
    ...found.paths,
    folder: join(folder, 'janus'),
    port: await ports.choose('janus', USUAL_PORTS.janus),
    secret: secrets.keyOf('janus'),
    ports: CALL_PORTS,
  };
  try {
    await supervisor.run((onCrash) => janus(options, onCrash));
  } catch (error) {
    say(`no call page: ${(error as Error).message}`);
    return {};
  }
  say(`Janus ${found.version} on port ${options.port}`);
  return {
    JANUS_URL: `ws://127.0.0.1:${options.port}`,
    JANUS_SECRET: options.secret,
    CALL_PRIVATE_ADDRESSES: '1',
  };
}

/** Converters for voice notes; without them voice notes are forwarded as files. */
export async function findConverters(say: Say): Promise<NodeJS.ProcessEnv> {
  const { FFMPEG, FFPROBE } = process.env;
  if (FFMPEG && FFPROBE) return { FFMPEG, FFPROBE };
  const found = await findFfmpeg(say);
  if (found.kind !== 'found') {
    say(`ffmpeg cannot be had here: ${found.why}. ${found.remedy}`);
    return {};
  }
  say(`ffmpeg ${found.version} (${found.from})`);
  return { FFMPEG: found.paths.ffmpeg, FFPROBE: found.paths.ffprobe };
}
