/** A picture or a recording of the browser, as the clients of a network send it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhoneLook } from '#network-manifest';
import type { Attachment } from '#phones';
import type { FileQuery } from './acts.js';
import { convertVoice, extensionOf } from './voice-notes.js';

export interface OutgoingFile {
  bytes: Buffer;
  name: string;
  type: string;
  kind: 'image' | 'voice';
  seconds?: number;
}

/** @throws Error when it cannot be converted to the format of this network */
export async function outgoingFile(
  { what, name, type }: FileQuery,
  given: Buffer,
  look: PhoneLook,
  ffmpeg: string | undefined,
): Promise<OutgoingFile> {
  if (what === 'image') return { bytes: given, name: safeName(name), type, kind: what };
  if (ffmpeg === undefined) throw new Error('ffmpeg is missing: voice notes cannot be recorded here');
  const voice = look.voice ?? 'audio/ogg';
  const { bytes, seconds } = await convertVoice(ffmpeg, given, voice);
  return { bytes, name: `voice.${extensionOf(voice)}`, type: voice, kind: what, seconds };
}

/** Clients send files of the disk: the file exists while `send` runs. */
export async function onDisk<Result>(
  { bytes, name, type, kind, seconds }: OutgoingFile,
  send: (file: Attachment) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'hutong-wall-'));
  try {
    const path = join(folder, name);
    await writeFile(path, bytes);
    const rounded = seconds === undefined ? {} : { seconds: Math.max(1, Math.round(seconds)) };
    return await send({ path, name, type, kind, ...rounded });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A name without folders, of characters that every file system has. */
export function safeName(name: string): string {
  const cleaned = name.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '');
  return cleaned === '' ? 'file' : cleaned.slice(-100);
}
