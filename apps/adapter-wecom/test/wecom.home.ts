/** A simulated WeCom with the real adapter on a hub. */
import {
  platformHome,
  type Platform,
  type PlatformHome,
  type PlatformHomeOptions,
} from '../../../test/contract/platform-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { openWecom } from '../simulator/index.js';

const PLATFORM: Platform = {
  slug: 'wecom',
  open: openWecom,
  encrypted: true,
  more: {
    options: { agentId: '1000002' },
    env: { ACCOUNT_AGENT_ID: '1000002', ACCOUNT_PER_MINUTE: '1000' },
  },
  nativeOf: (word) => word,
};

export function wecomHome(hub: HubFixture, options?: PlatformHomeOptions): Promise<PlatformHome> {
  return platformHome(hub, PLATFORM, options);
}
