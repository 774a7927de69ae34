/** Opens an address in the browser of a desktop. Where there is none, nothing happens: the address was printed. */
import { spawn } from 'node:child_process';
import { which } from '#engines';

export function openInBrowser(url: string, env: NodeJS.ProcessEnv = process.env): void {
  const program = openerOf(env);
  if (program === undefined) return;
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  // A desktop without a browser.
  child.on('error', () => undefined);
  child.unref();
}

/** @returns undefined where there is no desktop, or nobody is at it: in a CI run or under a service manager */
export function openerOf(env: NodeJS.ProcessEnv): string | undefined {
  if (env['CI'] || !(env['DISPLAY'] || env['WAYLAND_DISPLAY'])) return undefined;
  return which('xdg-open');
}
