/** espeak-ng from PATH or from Debian's packages: speaks a text into a sound file. */
import { join } from 'node:path';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryPath, loader } from './loader.js';
import { versionOf, which } from './which.js';

export interface EspeakPaths {
  /** A program and the words before its own arguments. */
  command: readonly [program: string, ...before: string[]];
}

/** What plays sound on this machine is not needed: the sound goes to a file. */
const USELESS = /^(gcc-.*-base|dbus.*|systemd.*|libpulse.*-doc|alsa-.*|libasound2-data|adduser|passwd|ucf)_/;

export async function findEspeak(say: Say): Promise<Search<EspeakPaths>> {
  const onPath = which('espeak-ng');
  if (onPath)
    return {
      kind: 'found',
      from: 'path',
      version: versionOf(onPath, '--version') ?? '?',
      paths: { command: [onPath] },
    };
  try {
    const { root, versions } = await debianPrefix(
      { name: 'espeak-ng', suite: 'bookworm', packages: ['espeak-ng'], without: USELESS },
      say,
    );
    const folders = libraryPath(root).split(':');
    const data = folders.find((folder) => folder.includes('/usr/lib/')) ?? root;
    // libpulse finds its own part there, although nothing is played.
    const libraries = [...folders, join(data, 'pulseaudio')].join(':');
    return {
      kind: 'found',
      from: 'download',
      version: versions['espeak-ng'] ?? '?',
      paths: {
        command: [
          loader(root),
          '--library-path',
          libraries,
          join(root, 'usr', 'bin', 'espeak-ng'),
          `--path=${data}`,
        ],
      },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Install espeak-ng, or use a Debian machine.',
    };
  }
}
