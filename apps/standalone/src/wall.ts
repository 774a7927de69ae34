/** Starts the process of the wall of phones, which speaks with the networks as their people do. */
import { join } from 'node:path';
import { writeSecretFile, type Installation } from '#network-manifest';
import type { StandaloneFile } from './standalone-file.js';
import { liveAt, type Supervisor } from './supervisor.js';
import { USUAL_PORTS } from './usual-ports.js';

/** The settings of its process. */
export interface WallFile {
  port: number;
  token: string;
  /** Where the compiled page is. */
  assets: string;
  installation: StandaloneFile;
  ffmpeg?: { FFMPEG: string; FFPROBE: string };
}

export function isWanted(setting: string | undefined): boolean {
  return setting !== 'off';
}

/** @returns its address, with the token that opens it: the part after # is not sent to any server and stays out of logs */
export async function startWall(
  { folder, ports, secrets }: Installation,
  supervisor: Supervisor,
  installation: StandaloneFile,
  { FFMPEG, FFPROBE }: NodeJS.ProcessEnv,
): Promise<{ url: string }> {
  const port = await ports.choose('phones', USUAL_PORTS.phones);
  const token = secrets.keyOf('wall');
  const file: WallFile = {
    port,
    token,
    assets: join(import.meta.dirname, '..', '..', '..', 'phones'),
    installation,
    ...(FFMPEG && FFPROBE ? { ffmpeg: { FFMPEG, FFPROBE } } : {}),
  };
  await supervisor.script(
    'phones',
    ['dist/apps/standalone/src/phones.main.js', writeSecretFile(folder, 'phones.json', JSON.stringify(file))],
    { all: [liveAt(port)] },
    { METRICS_PORT: '0' },
  );
  return { url: `http://127.0.0.1:${port}/phones/#${token}` };
}
