/** ffmpeg with the speech codecs of phones (AMR), from PATH or from Debian's packages. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryPath, loader } from './loader.js';
import { didNotRun, versionOf, which } from './which.js';

const run = promisify(execFile);

export interface FfmpegPaths {
  ffmpeg: string;
  ffprobe: string;
}

/** Required encoders. Some networks need AMR for voice notes, which Debian's plain ffmpeg package lacks. */
const NEEDED = ['libopencore_amrnb', 'libopus', 'libmp3lame'];

/** Dependencies that are not needed in a prefix. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|libpam.*|init-system-helpers|login.*|gcc-.*-base|mesa-.*|libgl1-mesa-dri|libllvm.*|fonts-.*|fontconfig-config|ucf|sensible-utils|shared-mime-info|systemd.*|dbus.*|x11-.*)_/;

export async function findFfmpeg(say: Say): Promise<Search<FfmpegPaths>> {
  const [ffmpeg, ffprobe] = [which('ffmpeg'), which('ffprobe')];
  if (ffmpeg && ffprobe && (await hasEncoders(ffmpeg)))
    return {
      kind: 'found',
      from: 'path',
      version: versionOf(ffmpeg, '-version') ?? '?',
      paths: { ffmpeg, ffprobe },
    };
  try {
    const packages = ['ffmpeg', 'libavcodec-extra', 'libavfilter-extra'];
    const { root, versions } = await debianPrefix(
      { name: 'ffmpeg', suite: 'bookworm', packages, without: USELESS },
      say,
    );
    const paths = { ffmpeg: launcher(root, 'ffmpeg'), ffprobe: launcher(root, 'ffprobe') };
    if (!(await hasEncoders(paths.ffmpeg))) throw new Error('the package lacks the AMR encoder');
    return { kind: 'found', from: 'download', version: versions['ffmpeg'] ?? '?', paths };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy:
        'Install ffmpeg with libavcodec-extra. Without it voice notes cross as files, in the form in which they come.',
    };
  }
}

async function hasEncoders(ffmpeg: string): Promise<boolean> {
  try {
    const { stdout } = await run(ffmpeg, ['-hide_banner', '-encoders']);
    return NEEDED.every((encoder) => stdout.includes(encoder));
  } catch (error) {
    if (didNotRun(error)) return false;
    throw error;
  }
}

/** A script that starts the program with the loader of the prefix. */
function launcher(root: string, program: string): string {
  const shell = join(root, `${program}.sh`);
  if (existsSync(shell)) return shell;
  // Some libraries are in folders of their own.
  const extra = ['pulseaudio', 'blas', 'lapack'].map((name) => `${libraryPath(root).split(':')[0]}/${name}`);
  const path = [libraryPath(root), ...extra].join(':');
  writeFileSync(
    shell,
    `#!/bin/sh\nexec "${loader(root)}" --library-path "${path}" "${join(root, 'usr', 'bin', program)}" "$@"\n`,
  );
  chmodSync(shell, 0o755);
  return shell;
}
