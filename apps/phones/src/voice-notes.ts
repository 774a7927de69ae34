/** Voice notes: a browser records WebM, the clients of each network send a format of their own, and browsers play only some. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pLimit from 'p-limit';

const run = promisify(execFile);
const TIMEOUT_MS = 30_000;
const MOST_SECONDS = '300';
const oneAtATime = pLimit(1);

/** Media type -> options of ffmpeg. */
const ENCODERS = {
  'audio/ogg': ['-c:a', 'libopus', '-b:a', '24k', '-f', 'ogg'],
  'audio/amr': ['-ar', '8000', '-c:a', 'libopencore_amrnb', '-b:a', '12.2k', '-f', 'amr'],
  'audio/mp4': ['-c:a', 'aac', '-b:a', '48k', '-movflags', '+faststart', '-f', 'ipod'],
} as const;
export type VoiceType = keyof typeof ENCODERS;
const EXTENSIONS: Record<VoiceType, string> = { 'audio/ogg': 'ogg', 'audio/amr': 'amr', 'audio/mp4': 'm4a' };

export function extensionOf(type: VoiceType): string {
  return EXTENSIONS[type];
}

/** @returns the demuxer for the content, by its first bytes: ffmpeg may open nothing else */
export function demuxerOf(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 12).toString('latin1');
  if (head.startsWith('\u001A\u0045\u00DF\u00A3')) return 'matroska';
  if (head.startsWith('OggS')) return 'ogg';
  if (head.startsWith('#!AMR')) return 'amr';
  if (head.slice(4, 8) === 'ftyp') return 'mov';
  if (head.startsWith('RIFF')) return 'wav';
  return head.startsWith('ID3') || /^\u00FF[\u00E2-\u00FB]/.test(head) ? 'mp3' : undefined;
}

/** @throws Error when it is not a recording */
export function convertVoice(
  ffmpeg: string,
  bytes: Buffer,
  type: VoiceType,
): Promise<{ bytes: Buffer; seconds: number }> {
  return oneAtATime(async () => {
    const demuxer = demuxerOf(bytes);
    if (demuxer === undefined) throw new Error('this is no recording that can be converted');
    const folder = await mkdtemp(join(tmpdir(), 'hutong-voice-'));
    try {
      const [input, output] = [join(folder, 'in'), join(folder, 'out')];
      await writeFile(input, bytes);
      const limits = [
        '-v',
        'error',
        '-protocol_whitelist',
        'file',
        '-progress',
        'pipe:1',
        '-t',
        MOST_SECONDS,
      ];
      const { stdout } = await run(
        ffmpeg,
        [...limits, '-f', demuxer, '-i', input, '-vn', '-ac', '1', ...ENCODERS[type], output],
        { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 20 },
      );
      const micros = [...stdout.matchAll(/^out_time_us=(\d+)$/gm)].at(-1)?.[1];
      return { bytes: await readFile(output), seconds: Number(micros ?? 0) / 1_000_000 };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
