import 'reflect-metadata';
import { runHubProcess } from '#hub-process';
import { startMediaGateway } from './media-gateway.app.js';
import { mediaGatewaySettings } from './media-gateway.config.js';

await runHubProcess('media-gateway', mediaGatewaySettings, startMediaGateway);
