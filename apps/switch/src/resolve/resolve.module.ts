/** Resolution of addresses and numbers for adapters and the console. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { ResolveController } from './resolve.controller.js';
import { ResolveService } from './resolve.service.js';

@Module({ imports: [RegistryModule], controllers: [ResolveController], providers: [ResolveService] })
export class ResolveModule {}
