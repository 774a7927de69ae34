/** Python 3 with the package `cryptography`, for the reference client of examples/python-adapter; and how a Python from a prefix is run. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { debianPrefix } from './debian.js';
import { EngineError, type Say, type Search } from './engine.js';
import { libraryFolder, loader } from './loader.js';
import { onPathOrDownloaded } from './path-or-download.js';
import { didNotRun } from './which.js';

const run = promisify(execFile);
const WRAPPER = 'hutong-python';
/** First version in which a stream can change to TLS (`StreamWriter.start_tls`), and the version of Debian 12. */
const PYTHON_AT_LEAST = '3.11';

export function findPython(say: Say): Promise<Search<{ program: string }>> {
  return onPathOrDownloaded({
    name: 'python3',
    atLeast: PYTHON_AT_LEAST,
    suits: (program) => canImport(program, 'cryptography'),
    download: async () => {
      const packages = ['python3', 'python3-cryptography', 'base-files'];
      const prefix = await debianPrefix({ name: 'python', suite: 'sid', packages }, say);
      await preparePython('python', prefix.root, say);
      return join(prefix.root, 'usr', 'bin', 'python3');
    },
    remedy: `Put python3 >= ${PYTHON_AT_LEAST} with the package cryptography on PATH (Debian: python3-cryptography).`,
  });
}

function canImport(python: string, module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (didNotRun(error)) return false;
    throw error;
  }
}

/**
 * Replaces python3 of a prefix by a wrapper, because Python starts child processes through its own executable. Modules are compiled
 * once; otherwise a large program takes eight seconds instead of two at every start.
 * @param name of the prefix, for messages
 */
export async function preparePython(name: string, root: string, say: Say): Promise<void> {
  const wrapper = join(root, 'usr', 'bin', WRAPPER);
  if (existsSync(wrapper)) return;
  const version = readdirSync(join(root, 'usr', 'bin')).find((file) => /^python3\.\d+$/.test(file));
  if (!version) throw new EngineError(`the packages of ${name} contain no Python`);
  const script = `#!/bin/sh
unset LD_LIBRARY_PATH LD_PRELOAD PYTHONDONTWRITEBYTECODE
export PYTHONHOME="${root}/usr" PYTHONPATH="${root}/usr/lib/python3/dist-packages" PYTHONNOUSERSITE=1
exec "${loader(root)}" --argv0 "${root}/usr/bin/python3" --library-path "${libraryFolder(root)}" "${root}/usr/bin/${version}" "$@"
`;
  const python = join(root, 'usr', 'bin', 'python3');
  rmSync(python, { force: true });
  for (const file of [python, `${wrapper}.part`]) {
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }
  say(`${name}: compiling its Python modules (once)`);
  const modules = [join(root, 'usr', 'lib', version), join(root, 'usr', 'lib', 'python3', 'dist-packages')];
  await run(python, ['-m', 'compileall', '-q', '-j', '2', ...modules]).catch((error: Error) =>
    say(`${name}: some modules are compiled at every start (${error.message})`),
  );
  await run('mv', [`${wrapper}.part`, wrapper]);
}
