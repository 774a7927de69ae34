/** Files of pictures. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** The documentation is read by everybody: its pictures must load fast. */
const MOST_BYTES = 300_000;

/** What the page shows, with 256 colours, which is a third of the size. @returns bytes of the file */
export async function takePicture(page: Page, path: string): Promise<number> {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = await page.screenshot({ animations: 'disabled' });
  writeFileSync(path, await sharp(bytes).png({ palette: true, quality: 95, effort: 10 }).toBuffer());
  const { size } = statSync(path);
  if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
  return size;
}
