/** What the host of the wall tells it about each network that runs. */
import type { NetworkPart, NetworkPerson, PhoneLook } from '#network-manifest';

export interface WallNetwork {
  slug: string;
  look: PhoneLook;
  person: NetworkPerson;
  /** Its part of data/standalone.json. */
  part: NetworkPart;
}

export interface WallOptions {
  port: number;
  /** Whoever has it may use the wall. */
  token: string;
  /** Folder with the compiled browser part. */
  assets: string;
  networks: readonly WallNetwork[];
  /** Where the path of messages is read. */
  console: { url: string; adminKey: string };
  ffmpeg?: { FFMPEG: string; FFPROBE: string };
}

export const WALL_OPTIONS = Symbol('options of the wall');
