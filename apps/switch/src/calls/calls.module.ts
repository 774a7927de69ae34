/** Passes commands and signals about call pages on, between adapters and the media gateway. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { CallsController } from './calls.controller.js';
import { CallsService } from './calls.service.js';

@Module({ imports: [RegistryModule], controllers: [CallsController], providers: [CallsService] })
export class CallsModule {}
