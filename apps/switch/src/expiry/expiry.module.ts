/** Messages that expire while their network is away. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { ExpirySweeper } from './expiry-sweeper.js';

@Module({ imports: [RegistryModule], providers: [ExpirySweeper] })
export class ExpiryModule {}
