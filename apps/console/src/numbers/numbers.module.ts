/** Directory of telephone numbers: ported numbers and look-ups. */
import { Module } from '@nestjs/common';
import { ChangesModule } from '../exchange/changes.module.js';
import { DirectoryController } from './directory.controller.js';
import { DirectoryService } from './directory.service.js';
import { NumbersEffects } from './numbers.effects.js';
import { PortedController } from './ported.controller.js';
import { ResolveController } from './resolve.controller.js';

@Module({
  imports: [ChangesModule],
  controllers: [DirectoryController, PortedController, ResolveController],
  providers: [DirectoryService, NumbersEffects],
  exports: [DirectoryService],
})
export class NumbersModule {}
