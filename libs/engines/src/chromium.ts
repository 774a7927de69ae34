/** Chromium without windows, for tests of the web console: from PATH or from Debian's packages. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianPrefix, hostRelease } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryFolder } from './loader.js';
import { versionOf, which } from './which.js';

export interface ChromiumPaths {
  chromium: string;
}

/** Dependencies that are not needed in a prefix: a browser without windows draws without a graphics driver. */
const USELESS =
  /^(perl|perl-base|perl-modules.*|libperl.*|adduser|passwd|debconf|dpkg|tar|usrmerge|libpam.*|init-system-helpers|login.*|gcc-.*-base|mesa-.*|libgl1-mesa-dri|libllvm.*|ucf|sensible-utils|shared-mime-info|systemd.*|dbus.*|x11-.*)_/;

export async function findChromium(say: Say): Promise<Search<ChromiumPaths>> {
  for (const program of ['chromium-headless-shell', 'chromium']) {
    const own = which(program);
    const version = own && versionOf(own, '--version');
    if (own && version) return { kind: 'found', from: 'path', version, paths: { chromium: own } };
  }
  try {
    const { root, versions } = await debianPrefix(
      {
        name: 'chromium-and-fonts',
        suite: hostRelease(),
        // Without fonts neither Latin nor Chinese text is drawn.
        packages: [
          'chromium-headless-shell',
          'fonts-dejavu-core',
          'fonts-noto-cjk',
          'fonts-noto-color-emoji',
        ],
        // Chromium starts its own file again for each of its processes, and therefore runs with the loader of the host.
        onHost: true,
        without: USELESS,
      },
      say,
    );
    const chromium = launcher(root);
    if (!versionOf(chromium, '--version')) throw new Error('the downloaded Chromium does not start');
    const version = versions['chromium-headless-shell'] ?? '?';
    return { kind: 'found', from: 'download', version, paths: { chromium } };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Install chromium. Without it the tests in a browser do not run; nothing else needs it.',
    };
  }
}

const SCRIPT = 'chromium.sh';
/** For a family that is not there. Without this, fontconfig takes the first font that it finds. */
const FALLBACK = ['DejaVu Sans', 'Noto Sans CJK SC', 'Noto Color Emoji']
  .map((font) => `<edit name="family" mode="append_last"><string>${font}</string></edit>`)
  .join('');
const FALLBACK_CODE =
  '<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>';

/** A script that starts the program with the libraries and fonts of the prefix. */
function launcher(root: string): string {
  const shell = join(root, SCRIPT);
  if (existsSync(shell)) return shell;
  const libraries = libraryFolder(root);
  const fonts = join(root, 'fonts.conf');
  writeFileSync(
    fonts,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n<dir>${join(root, 'usr', 'share', 'fonts')}</dir><dir>/usr/share/fonts</dir>\n<cachedir>${join(root, 'fonts.cache')}</cachedir>\n${FALLBACK_CODE}<match>${FALLBACK}</match>\n</fontconfig>\n`,
  );
  const program = join(root, 'usr', 'lib', 'chromium', 'chromium-headless-shell');
  writeFileSync(
    shell,
    `#!/bin/sh\nLD_LIBRARY_PATH="${libraries}:${join(libraries, 'pulseaudio')}" FONTCONFIG_FILE="${fonts}" exec "${program}" "$@"\n`,
  );
  chmodSync(shell, 0o755);
  return shell;
}
