/** Turns words into the sound of a telephone, with espeak-ng. */
import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { HubError } from '#protocol';
import { readWave, toPcmu } from './pcmu.js';

/** Longer ones are not spoken: nobody listens for that long. */
const MOST_CHARACTERS = 1000;
/** 10 minutes at 22,050 samples a second. */
const MOST_BYTES = 27_000_000;
const LONGEST_MS = 30_000;

export class Speech {
  /** @param command espeak-ng, and words before its own */
  constructor(private readonly command: readonly [string, ...string[]]) {}

  /** @returns PCMU. @throws HubError 12 for a text that is too long, 96 when espeak-ng fails */
  async of(text: string): Promise<Buffer> {
    if (text.length > MOST_CHARACTERS)
      throw new HubError('12', `a text of more than ${MOST_CHARACTERS} characters is not spoken`);
    const wave = readWave(await this.run(text));
    if (!wave) throw new HubError('96', 'espeak-ng gave no sound');
    return toPcmu(wave);
  }

  private async run(text: string): Promise<Buffer> {
    const [program, ...before] = this.command;
    const voice = /\p{Script=Han}/u.test(text) ? 'cmn' : 'en';
    const child = spawn(program, [...before, '-v', voice, '-s', '150', '--stdin', '--stdout'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    let bytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) child.kill('SIGKILL');
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    // It may end before it has read everything; then its exit code says so.
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
    try {
      const [sound, code] = await Promise.all([buffer(child.stdout), ended]);
      if (code === 0) return sound;
      throw new Error(`exit code ${code}`);
    } catch (cause) {
      throw new HubError('96', `espeak-ng: ${(cause as Error).message}`, { cause });
    }
  }
}
