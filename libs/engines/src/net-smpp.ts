/** Net::SMPP, an independent library of Perl, from Debian; with the Perl of this machine, or Debian's. */
import { join } from 'node:path';
import { debianPrefix } from './debian.js';
import type { Say, Search } from './engine.js';
import { libraryPath, loader } from './loader.js';
import { which } from './which.js';

const PACKAGE = 'libnet-smpp-perl';
const MODULES = ['usr', 'share', 'perl5'];

/** A Perl that finds the library: the program, and arguments that come before those of the script. */
export interface NetSmppPaths {
  program: string;
  args: string[];
}

export async function findNetSmpp(say: Say): Promise<Search<NetSmppPaths>> {
  const perl = which('perl');
  try {
    if (perl === undefined) return await withPerl(say);
    const { root, versions } = await debianPrefix(
      { name: 'net-smpp', suite: 'bookworm', packages: [PACKAGE], alone: true },
      say,
    );
    const args = [`-I${join(root, ...MODULES)}`];
    return {
      kind: 'found',
      from: 'download',
      version: versions[PACKAGE] ?? '?',
      paths: { program: perl, args },
    };
  } catch (error) {
    return {
      kind: 'missing',
      why: (error as Error).message,
      remedy: 'Use a Debian machine, or put perl on PATH and Net::SMPP among its modules.',
    };
  }
}

async function withPerl(say: Say): Promise<Search<NetSmppPaths>> {
  const { root, versions } = await debianPrefix(
    { name: 'net-smpp-perl', suite: 'bookworm', packages: ['perl', 'base-files', PACKAGE] },
    say,
  );
  const program = loader(root);
  const start = ['--library-path', libraryPath(root), join(root, 'usr', 'bin', 'perl')];
  const release = /^(\d+\.\d+)/.exec(versions['perl'] ?? '')?.[1] ?? '';
  const folders = [
    join(root, ...MODULES),
    join(root, 'usr', 'share', 'perl', release),
    join(libraryPath(root).split(':')[0] ?? '', 'perl', release),
    join(libraryPath(root).split(':')[0] ?? '', 'perl-base'),
  ];
  return {
    kind: 'found',
    from: 'download',
    version: versions[PACKAGE] ?? '?',
    paths: { program, args: [...start, ...folders.map((folder) => `-I${folder}`)] },
  };
}
