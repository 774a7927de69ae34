/** data/standalone.json: stable, documented in docs/operations.md, written last. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkPart } from '#network-manifest';

export interface StandaloneFile {
  /** Changes of money or routes need two admins. */
  console: {
    url: string;
    adminKey: string;
    secondAdminKey: string;
    /** With them, `first-admin` and `second-admin` sign in to the web console. */
    adminPassword: string;
    secondAdminPassword: string;
  };
  /** Serves links to attachments. */
  mediaGateway: { url: string };
  nats: { url: string; credsFile: string };
  postgres: { url: string };
  /** The wall of phones. Its address contains the token that opens it; absent with HUTONG_WALL=off. */
  wall?: { url: string };
  /** By slug; some networks describe more than the common part. */
  networks: Record<string, NetworkPart>;
}

/** @returns the description of the installation that runs on this data folder; undefined if none is ready */
export function readStandaloneFile(folder: string): StandaloneFile | undefined {
  const path = join(folder, 'standalone.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StandaloneFile) : undefined;
}
