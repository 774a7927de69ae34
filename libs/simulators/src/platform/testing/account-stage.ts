/** A simulated platform with a receiver of its callbacks, an account that is logged in, and a folder for files. */
import type { PlatformOptions } from '../options.js';
import type { PlatformSimulator } from '../platform-simulator.js';
import { Caller } from './caller.js';
import { Folder } from './files.js';
import { Receiver } from './receiver.js';

export interface AccountStage {
  platform: PlatformSimulator;
  server: Receiver;
  account: Caller;
  folder: Folder;
  close(): Promise<void>;
}

/** @param appId of the account. @param retryMs time before a callback that was not taken comes again */
export async function openAccountStage(
  open: (options: PlatformOptions) => Promise<PlatformSimulator>,
  appId: string,
  retryMs: number,
): Promise<AccountStage> {
  const secret = 's3cret';
  const platform = await open({ appId, secret, token: 'hubtoken', retryMs });
  const server = await Receiver.open();
  const account = new Caller(platform.url);
  const folder = await Folder.make();
  await platform.connectCallback(server.url);
  await account.login(appId, secret);
  return {
    platform,
    server,
    account,
    folder,
    async close() {
      await platform.close();
      await server.close();
      await folder.remove();
    },
  };
}
