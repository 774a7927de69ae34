/** A simulated WeChat with the real adapter on a hub. */
import {
  platformHome,
  type Platform,
  type PlatformHome,
  type PlatformHomeOptions,
} from '../../../test/contract/platform-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { openWechat } from '../simulator/index.js';

const PLATFORM: Platform = {
  slug: 'wechat',
  open: openWechat,
  encrypted: true,
};

export function wechatHome(hub: HubFixture, options?: PlatformHomeOptions): Promise<PlatformHome> {
  return platformHome(hub, PLATFORM, options);
}
