/** The files of the web console, which its build makes. Each is read when it is first asked for. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface WebFile {
  body: Buffer;
  /** undefined: it does not get smaller. */
  zipped: Buffer | undefined;
  type: string;
  /** Its name changes with its content. */
  isHashed: boolean;
}

/** Maximum number of files; a build has some dozens. */
const MOST_FILES = 5000;
const SMALL = 1024;
/** Vite writes what it names after its content into this folder. */
const HASHED = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const ZIPPED = /^(text|image\/svg|application\/(json|manifest))/;

export class WebFiles {
  /** Bounded by the files of the folder. */
  private readonly read = new Map<string, Promise<WebFile>>();

  private constructor(
    private readonly folder: string,
    private readonly names: ReadonlySet<string>,
  ) {}

  /** @returns undefined if the web console was not built */
  static in(folder: string): WebFiles | undefined {
    if (!existsSync(join(folder, 'index.html'))) return undefined;
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
      .slice(0, MOST_FILES)
      .map(({ parentPath, name }) => `/${join(parentPath, name).slice(join(folder, sep).length)}`);
    return new WebFiles(folder, new Set(names.map((name) => name.replaceAll(sep, '/'))));
  }

  /** Only names that the folder had at the start: a path can lead nowhere else. */
  async find(path: string): Promise<WebFile | undefined> {
    if (!this.names.has(path)) return undefined;
    const known = this.read.get(path);
    if (known) return known;
    const reading = this.load(path);
    this.read.set(path, reading);
    return reading.catch((error: unknown) => {
      this.read.delete(path);
      throw error;
    });
  }

  private async load(path: string): Promise<WebFile> {
    const body = await readFile(join(this.folder, path));
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    const zipped = ZIPPED.test(type) && body.length > SMALL ? await promisify(gzip)(body) : undefined;
    return { body, zipped, type, isHashed: HASHED.test(path) };
  }
}
