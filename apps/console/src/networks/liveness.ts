/** What heartbeats say: connected (does the adapter reach its network?) and signed on (is the adapter there?) are two things. */
import { Injectable } from '@nestjs/common';
import type { Network, SignOn } from '#protocol';

const SILENT_AFTER_MS = 8000;

export interface Liveness {
  signedOn: boolean;
  nativeConnected: boolean;
  instance?: string;
  lastHeard?: string;
}

@Injectable()
export class LivenessBoard {
  private readonly heard = new Map<Network, Map<string, { at: number; nativeConnected: boolean }>>();

  beat({ network, instance, nativeConnected }: SignOn): void {
    const instances = this.heard.get(network) ?? new Map<string, { at: number; nativeConnected: boolean }>();
    this.heard.set(network, instances);
    instances.set(instance, { at: Date.now(), nativeConnected });
  }

  signOff(network: Network, instance: string): void {
    this.heard.get(network)?.delete(instance);
  }

  of(network: Network): Liveness {
    const recent = [...(this.heard.get(network) ?? [])]
      .filter(([, { at }]) => Date.now() - at < SILENT_AFTER_MS)
      .sort(([, one], [, other]) => other.at - one.at);
    const [newest] = recent;
    if (!newest) return { signedOn: false, nativeConnected: false };
    return {
      signedOn: true,
      nativeConnected: recent.some(([, { nativeConnected }]) => nativeConnected),
      instance: newest[0],
      lastHeard: new Date(newest[1].at).toISOString(),
    };
  }
}
