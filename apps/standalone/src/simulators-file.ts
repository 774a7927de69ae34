/** What the process of the simulators is told. */
import type { Act, FetionOptions, OpenNetworkOptions, PlatformOptions } from '#simulators';

interface Platform {
  options: PlatformOptions;
  /** Of our adapter. */
  callbackUrl: string;
}

export interface SimulatorsFile {
  usersPort: number;
  fetion?: FetionOptions;
  wechat?: Platform;
  yixin?: Platform;
  open: (Omit<OpenNetworkOptions, 'identity'> & { adapterUrl: string; identity?: string })[];
  /** They answer everything with the same text. */
  loopbacks: { network: string; native: string }[];
  people: { network: string; native: string; act?: Act }[];
}
