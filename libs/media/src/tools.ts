/** Runs ffmpeg and ffprobe. The input format is always forced, so that a playlist cannot make them open other files or URLs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { HubError, parseJson } from '#protocol';

const run = promisify(execFile);

export const mediaToolSettings = {
  FFMPEG: z
    .string()
    .default('ffmpeg')
    .describe(
      'Path or name of ffmpeg, which converts voice notes (Debian: packages ffmpeg and libavcodec-extra). Without it voice notes are sent as files',
    ),
  FFPROBE: z.string().default('ffprobe').describe('Path or name of ffprobe, which is part of ffmpeg'),
};

/** Media type -> demuxer. Other types are not opened. */
const DEMUXERS: Record<string, string> = {
  'audio/amr': 'amr',
  'audio/amr-wb': 'amr',
  'audio/ogg': 'ogg',
  'audio/ogg; codecs=vorbis': 'ogg',
  'audio/ogg; codecs=speex': 'ogg',
  'audio/ogg; codecs=flac': 'ogg',
  'video/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'mov',
  'audio/wav': 'wav',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/3gpp': 'mov',
  'audio/3gpp': 'mov',
  'video/webm': 'matroska',
  'audio/webm': 'matroska',
  'video/matroska': 'matroska',
  'audio/matroska': 'matroska',
};

/** Content types that ffmpeg may open. */
export const MEDIA_TYPES = Object.keys(DEMUXERS);

const PROBE_MS = 10_000;
const ENCODERS = ['libopencore_amrnb', 'libopus', 'libmp3lame'];

const Probe = z.object({
  streams: z.array(
    z.object({
      width: z.int().positive().optional(),
      height: z.int().positive().optional(),
      disposition: z.object({ attached_pic: z.int() }).partial().optional(),
      side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).optional(),
    }),
  ),
  format: z.object({ duration: z.coerce.number().nonnegative().optional() }),
});

type Probe = z.infer<typeof Probe>;

export interface Probed {
  durationMs?: number;
  width?: number;
  height?: number;
}

export class MediaTools {
  private constructor(
    private readonly ffmpeg: string,
    private readonly ffprobe: string,
  ) {}

  /** @returns undefined when ffmpeg is missing, or lacks the codecs of phones */
  static async find({
    FFMPEG,
    FFPROBE,
  }: {
    FFMPEG: string;
    FFPROBE: string;
  }): Promise<MediaTools | undefined> {
    const encoders = await ifItRuns(run(FFMPEG, ['-hide_banner', '-encoders']));
    const probe = await ifItRuns(run(FFPROBE, ['-version']));
    const able = ENCODERS.every((encoder) => encoders?.stdout.includes(encoder));
    return able && probe ? new MediaTools(FFMPEG, FFPROBE) : undefined;
  }

  opens(contentType: string): boolean {
    return contentType in DEMUXERS;
  }

  /** Metadata of a file; empty if nothing is known. */
  async probe(path: string, contentType: string): Promise<Probed> {
    const demuxer = DEMUXERS[contentType];
    if (!demuxer) return {};
    const fields =
      'format=duration:stream=width,height:stream_disposition=attached_pic:stream_side_data=rotation';
    const probed = await ifItRuns(
      run(
        this.ffprobe,
        [
          '-v',
          'error',
          '-protocol_whitelist',
          'file',
          '-f',
          demuxer,
          '-show_entries',
          fields,
          '-of',
          'json',
          path,
        ],
        { timeout: PROBE_MS, killSignal: 'SIGKILL', maxBuffer: 1 << 20 },
      ),
    );
    const parsed = Probe.safeParse(probed && parseJson(Buffer.from(probed.stdout)));
    if (!parsed.success) return {};
    // A cover image is no video stream.
    const film = parsed.data.streams.find(
      (one) => one.width !== undefined && one.disposition?.attached_pic !== 1,
    );
    const { duration } = parsed.data.format;
    return {
      ...(duration === undefined ? {} : { durationMs: Math.round(duration * 1000) }),
      ...(film ? shown(film) : {}),
    };
  }

  /** @param input `-f ...` of raw samples, or a media type. @throws HubError 106 when it cannot be done */
  async convert(
    input: { path: string; type: string } | { path: string; raw: string[] },
    output: { path: string; args: string[]; maxBytes: number },
    timeoutMs: number,
  ): Promise<void> {
    const demuxer = 'type' in input ? ['-f', DEMUXERS[input.type] ?? ''] : input.raw;
    if (demuxer[1] === '') throw new HubError('106', 'not a form that can be converted');
    const limits = ['-fs', String(output.maxBytes)];
    const args = [
      '-v',
      'error',
      '-nostdin',
      '-max_pixels',
      '64000000',
      '-y',
      '-protocol_whitelist',
      'file',
      ...demuxer,
      '-i',
      input.path,
    ];
    await run(this.ffmpeg, [...args, '-map_metadata', '-1', ...output.args, ...limits, output.path], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 20,
    }).catch((cause: unknown) => {
      throw new HubError('106', 'it could not be converted', { cause });
    });
  }
}

/** Width and height as displayed: phones record in landscape and store by how much to rotate. */
function shown({ width, height, side_data_list: said = [] }: Probe['streams'][number]): Partial<Probed> {
  if (!width || !height) return {};
  const degrees = said.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  return Math.abs(Math.round(degrees / 90)) % 2 === 1 ? { width: height, height: width } : { width, height };
}

/** @returns undefined when the program is missing or ended with an error; both errors have a code, other errors are thrown */
async function ifItRuns<T>(running: Promise<T>): Promise<T | undefined> {
  try {
    return await running;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error) return undefined;
    throw error;
  }
}
