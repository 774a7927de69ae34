/** Applies changes of memberships that two admins have approved. */
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChangeEffects } from '../exchange/change-effects.js';
import { DeparturesService } from './departures.service.js';
import { MembersService } from './members.service.js';
import { OperatorBilling } from './operator-billing.js';
import { SuspensionsService } from './suspensions.service.js';

@Injectable()
export class MembersEffects implements OnModuleInit {
  constructor(
    private readonly effects: ChangeEffects,
    private readonly members: MembersService,
    private readonly suspensions: SuspensionsService,
    private readonly departures: DeparturesService,
    private readonly billing: OperatorBilling,
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
      'operator.billing': {
        apply: (manager, change, { by, reason }) => this.billing.change(manager, by, change, reason),
      },
    });
  }
}
