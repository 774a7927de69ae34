import sharp from 'sharp';
import type { TemporaryFolder } from './temporary-folder.js';

/** A different picture at every call, without metadata that the adapter would erase. */
export async function aPicture(
  files: TemporaryFolder,
  name: string,
): Promise<{ path: string; name: string }> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 50 };
  const canvas = { width: 120, height: 90, channels: 3 as const, background: 'red', noise };
  const path = files.newFile(name);
  await sharp({ create: canvas }).jpeg().toFile(path);
  return { path, name };
}
