/** The switch as one app: requests and events of networks on the bus, and health over HTTP. */
import { BusRequests } from '#bus-transport';
import { startHubApp, type HubApp, type HubProcess } from '#hub-process';
import type { SwitchSettings } from './switch.config.js';
import { SwitchModule } from './switch.module.js';

export function startSwitch(process: HubProcess<SwitchSettings>): Promise<HubApp> {
  return startHubApp(SwitchModule.on(process), process, (link) => new BusRequests(link));
}
