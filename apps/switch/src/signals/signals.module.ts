/** Ephemeral events: typing and presence. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { SignalsService } from './signals.service.js';

@Module({ imports: [RegistryModule], providers: [SignalsService] })
export class SignalsModule {}
