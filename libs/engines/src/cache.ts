/** Folder of downloaded engines: outside the repository, shared by all clones. HUTONG_CACHE changes it. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export function cacheFolder(): string {
  const own =
    process.getuid?.() === 0 ? '/var/cache' : (process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'));
  const folder = process.env['HUTONG_CACHE'] ?? join(own, 'hutong');
  mkdirSync(folder, { recursive: true });
  return folder;
}
