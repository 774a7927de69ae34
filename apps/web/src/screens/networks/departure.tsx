import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { answer, api } from '../../api/client';
import type { Network } from '../../api/lists';
import { useMay } from '../../api/me';
import { proposalIn } from '../../api/proposal';
import { Moment } from '../../parts/moment';
import { Proposed } from '../../parts/proposed';
import { Loaded, Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { networkTexts } from './text';

const AskReason = lazy(() => import('../../parts/ask-reason'));
const LeaveDialog = lazy(() => import('./leave-dialog'));

/** Steps that only need a reason. */
const STEPS = {
  approveNotice: { path: '/v1/networks/{network}/leave/notice/approve', effect: 'approveNoticeEffect' },
  rejectNotice: { path: '/v1/networks/{network}/leave/notice/reject', effect: 'rejectNoticeEffect' },
  stay: { path: '/v1/networks/{network}/stay', effect: 'stayEffect' },
} as const;
type Step = keyof typeof STEPS;

const NOTICE_STATES = {
  default: 'noticeDefault',
  pending: 'noticePending',
  approved: 'noticeApproved',
  rejected: 'noticeRejected',
} as const satisfies Record<string, keyof typeof networkTexts>;

/** The announced departure: its date, and the text that people get, which an admin approves. */
function Announced({ network, ask }: { network: Network; ask: (step: Step) => void }) {
  const say = useText(networkTexts);
  const may = useMay();
  const { network: slug } = network;
  const query = useQuery({
    queryKey: ['departure', slug],
    queryFn: () => answer(api.GET('/v1/networks/{network}/leave', { params: { path: { network: slug } } })),
  });
  return (
    <Loaded query={query}>
      {({ at, notice, noticeState, announcedAt }) => (
        <>
          <p>
            {say('leavesAt')} <Moment at={at} />{' '}
            <span className="quiet">
              {say('announcedAt')} <Moment at={announcedAt} only="relative" />
            </span>
          </p>
          <p>
            <Tag color={noticeState === 'pending' ? 'warning' : 'default'}>
              {say(NOTICE_STATES[noticeState])}
            </Tag>{' '}
            <span className="hostile">{notice}</span>
          </p>
          {may('leave-notices:decide') && noticeState === 'pending' && (
            <>
              <Button onClick={() => ask('approveNotice')}>{say('approveNotice')}</Button>{' '}
              <Button danger onClick={() => ask('rejectNotice')}>
                {say('rejectNotice')}
              </Button>
            </>
          )}
          {may('networks:leave') && <Button onClick={() => ask('stay')}>{say('stay')}</Button>}
        </>
      )}
    </Loaded>
  );
}

export function Departure({ network }: { network: Network }) {
  const say = useText(networkTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Step>();
  const [leaving, setLeaving] = useState(false);
  const [proposal, setProposal] = useState<string>();
  const { network: slug, status, leavesAt } = network;
  const isAnnounced = status === 'leaving' || (status === 'suspended' && leavesAt !== null);
  const mayAnnounce = may('networks:leave') || may('networks:write');
  if (!isAnnounced && !(status === 'live' && mayAnnounce)) return null;
  const renew = async () => {
    await queries.invalidateQueries({ queryKey: ['departure', slug] });
    await queries.invalidateQueries({ queryKey: ['networks'] });
  };
  const run = async (reason: string) => {
    if (!asked) return;
    await answer(api.POST(STEPS[asked].path, { params: { path: { network: slug } }, body: { reason } }));
    await renew();
  };
  const left = async (done: unknown) => {
    setProposal(proposalIn(done));
    await renew();
  };
  return (
    <Panel title={say('departure')}>
      <Proposed change={proposal} />
      {isAnnounced ? (
        <Announced network={network} ask={setAsked} />
      ) : (
        <>
          <p className="quiet">{say('notLeaving')}</p>
          <Button danger onClick={() => setLeaving(true)}>
            {say(may('networks:leave') ? 'leave' : 'proposeLeave')}
          </Button>
        </>
      )}
      <Suspense fallback={null}>
        {asked && (
          <AskReason
            open
            title={say(asked)}
            effect={say(STEPS[asked].effect, { network: slug })}
            action={say(asked)}
            dangerous={asked === 'rejectNotice'}
            run={run}
            close={() => setAsked(undefined)}
          />
        )}
        {leaving && (
          <LeaveDialog
            network={slug}
            isOwn={may('networks:leave')}
            left={left}
            close={() => setLeaving(false)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
