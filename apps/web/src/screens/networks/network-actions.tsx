import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../api/client';
import type { Network } from '../../api/lists';
import { proposalIn } from '../../api/proposal';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

const AskReason = lazy(() => import('../../parts/ask-reason'));

const ACTIONS = {
  approve: { path: '/v1/networks/{network}/approve', effect: 'approveEffect', dangerous: false },
  enable: { path: '/v1/networks/{network}/enable', effect: 'enableEffect', dangerous: false },
  suspend: { path: '/v1/networks/{network}/suspend', effect: 'suspendEffect', dangerous: true },
  proposeSuspension: {
    path: '/v1/networks/{network}/suspend/propose',
    effect: 'proposeSuspensionEffect',
    dangerous: true,
  },
  confirmSuspension: {
    path: '/v1/networks/{network}/suspend/confirm',
    effect: 'confirmEffect',
    dangerous: true,
  },
  proposeEnable: {
    path: '/v1/networks/{network}/enable/propose',
    effect: 'proposeEnableEffect',
    dangerous: false,
  },
  remove: { path: '/v1/networks/{network}/remove', effect: 'removeEffect', dangerous: true },
} as const;
type Action = keyof typeof ACTIONS;

function actionsFor(status: Network['status']): Action[] {
  switch (status) {
    case 'applied':
      return ['approve', 'remove'];
    case 'approved':
      return ['enable', 'remove'];
    case 'live':
      return ['suspend', 'proposeSuspension'];
    case 'leaving':
      return ['suspend', 'proposeSuspension', 'remove'];
    case 'suspended':
      return ['enable', 'proposeEnable', 'confirmSuspension', 'remove'];
    case 'gone':
      return [];
  }
}

interface NetworkActionsProps {
  network: Network;
  /** @param change id of the change that another admin must approve */
  proposed: (change: string | undefined) => void;
}

export function NetworkActions({ network, proposed }: NetworkActionsProps) {
  const say = useText(networkTexts);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Action>();
  const run = async (reason: string) => {
    if (!asked) return;
    const params = { path: { network: network.network } };
    proposed(proposalIn(await answer(api.POST(ACTIONS[asked].path, { params, body: { reason } }))));
    await queries.invalidateQueries({ queryKey: ['networks'] });
  };
  return (
    <>
      {actionsFor(network.status).map((action) => (
        <Button key={action} danger={ACTIONS[action].dangerous} onClick={() => setAsked(action)}>
          {say(action)}
        </Button>
      ))}
      <Suspense fallback={null}>
        {asked && (
          <AskReason
            open
            title={say(asked)}
            effect={say(ACTIONS[asked].effect, { network: network.network })}
            action={say(asked)}
            dangerous={ACTIONS[asked].dangerous}
            run={run}
            close={() => setAsked(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
