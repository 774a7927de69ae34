/** A simulated Yixin platform with the real adapter on a hub. */
import {
  platformHome,
  type Platform,
  type PlatformHome,
  type PlatformHomeOptions,
} from '../../../test/contract/platform-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { openYixin } from '../simulator/index.js';

const PLATFORM: Platform = {
  slug: 'yixin',
  open: openYixin,
  encrypted: false,
};

export function yixinHome(hub: HubFixture, options?: PlatformHomeOptions): Promise<PlatformHome> {
  return platformHome(hub, PLATFORM, options);
}
