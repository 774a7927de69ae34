import 'reflect-metadata';
import { runHubProcess } from '#hub-process';
import { startClearing } from './clearing.app.js';
import { clearingSettings } from './clearing.config.js';

await runHubProcess('clearing', clearingSettings, startClearing);
