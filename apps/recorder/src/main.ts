import 'reflect-metadata';
import { runHubProcess } from '#hub-process';
import { startRecorder } from './recorder.app.js';
import { recorderSettings } from './recorder.config.js';

await runHubProcess('recorder', recorderSettings, startRecorder);
