/** Finds an engine that is one program: on PATH, if it is new enough, otherwise as a download. */
import { olderThan, type Search } from './engine.js';
import { versionOf, which } from './which.js';

export interface OneProgram {
  /** Its name on PATH. */
  name: string;
  atLeast: string;
  /** Whether the program on PATH has what is needed besides its version. */
  suits?: (program: string) => boolean;
  /** @returns the path of the downloaded program. @throws Error */
  download: () => Promise<string>;
  remedy: string;
}

export async function onPathOrDownloaded(wanted: OneProgram): Promise<Search<{ program: string }>> {
  const { name, atLeast, suits = () => true, download, remedy } = wanted;
  const onPath = which(name);
  const version = onPath ? versionOf(onPath, '--version') : undefined;
  if (onPath && version && !olderThan(version, atLeast) && suits(onPath))
    return { kind: 'found', from: 'path', version, paths: { program: onPath } };
  try {
    const program = await download();
    return {
      kind: 'found',
      from: 'download',
      version: versionOf(program, '--version') ?? '?',
      paths: { program },
    };
  } catch (error) {
    return { kind: 'missing', why: (error as Error).message, remedy };
  }
}
