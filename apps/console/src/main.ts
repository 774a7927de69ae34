import 'reflect-metadata';
import { runHubProcess } from '#hub-process';
import { startConsole } from './console.app.js';
import { consoleSettings } from './console.config.js';
import { wallClock } from './core/clock.js';

await runHubProcess('console', consoleSettings, ({ settings, log, onRefusal }) =>
  startConsole(settings, log, wallClock, onRefusal),
);
