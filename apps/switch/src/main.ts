import 'reflect-metadata';
import { runHubProcess } from '#hub-process';
import { startSwitch } from './switch.app.js';
import { switchSettings } from './switch.config.js';

await runHubProcess('switch', switchSettings, startSwitch);
