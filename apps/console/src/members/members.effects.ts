/** Applies changes of memberships that two admins have approved. */
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { DeparturesService } from './departures.service.js';
import { MembersService } from './members.service.js';
import { SuspensionsService } from './suspensions.service.js';

@Injectable()
export class MembersEffects implements OnModuleInit {
  constructor(
    @Inject(ChangeEffects) private readonly effects: ChangeEffects,
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(SuspensionsService) private readonly suspensions: SuspensionsService,
    @Inject(DeparturesService) private readonly departures: DeparturesService,
  ) {}

  onModuleInit(): void {
    this.effects.register({
      'network.suspend': {
        apply: (manager, { network }, { by, reason }) =>
          this.suspensions.suspendUntilFurtherNotice(manager, by, network, reason),
        announce: ({ network }) => this.members.committed({ network, action: 'suspend' }),
      },
      'network.enable': {
        apply: async (manager, { network }, { by, reason }) => {
          await this.members.moveIn(manager, by, network, 'enable', reason);
        },
        announce: ({ network }) => this.members.committed({ network, action: 'enable' }),
      },
      'network.remove': {
        apply: async (manager, { network }, { by, reason }) => {
          await this.members.moveIn(manager, by, network, 'remove', reason);
        },
        announce: ({ network }) => this.members.committed({ network, action: 'remove' }),
      },
      'network.leave': {
        apply: (manager, { network, at }, { by, reason }) =>
          this.departures.leaveIn(manager, by, network, { at: new Date(at), notice: undefined }, reason),
        announce: ({ network }) => this.members.committed({ network, action: 'leave' }),
      },
    });
  }
}
